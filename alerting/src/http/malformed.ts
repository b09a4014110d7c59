import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import { answerPolicy } from './policy.ts';
import { problemOf, problemType, sendProblem } from './problem.ts';
import { consolePolicy, headersOf } from './security-headers.ts';

/** What Node’s parser refuses, as codes of ours. */
function codeOf(error: Error): ErrorCode {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'api.timeout';
  return code === 'HPE_HEADER_OVERFLOW' ? 'api.headers_too_large' : 'api.malformed';
}

/**
 * Answers what never became a request, in the shape of every other error, and closes the connection; counts
 * it by code.
 */
export function malformedHandler(refused: Counter<'code'>): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    if (('code' in error && error.code === 'ECONNRESET') || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    const code = codeOf(error);
    refused.inc({ code });
    const body = JSON.stringify(problemOf(new WatchpostError(code), randomUUID()));
    const { status } = errorRegistry[code];
    const headers = {
      'content-type': problemType,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
      ...headersOf(consolePolicy),
    };
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
    // Whoever does not read the answer does not hold the connection either.
    setTimeout(() => socket.destroy(), answerPolicy.refusedMs).unref();
  };
}

/** Answers what the router cannot read, such as `GET /%ff`: no hook has run, so the headers are set here. */
export function frameworkError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(headersOf(consolePolicy));
  sendProblem(new WatchpostError('api.malformed', { cause: error }), request, reply);
}
