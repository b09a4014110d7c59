import type { Problem } from '@watchpost/contracts/api';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { failedPrecondition } from './standard-headers.ts';

/** The code for what fastify itself refuses. */
function codeOf(error: FastifyError): ErrorCode {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'wire.too_large';
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'api.content_type';
  if (error instanceof SyntaxError || error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') return 'api.not_json';
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'api.not_json';
  const status = error.statusCode ?? 500;
  if (status === 404) return 'api.not_found';
  if (status === 429) return 'api.too_many_requests';
  return status >= 400 && status < 500 ? 'api.invalid' : 'api.internal';
}

/** Any error as one of ours. What is unknown becomes `api.internal` and keeps its cause for the log only. */
export function toWatchpostError(error: unknown): WatchpostError {
  if (error instanceof WatchpostError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issue = error.validation[0];
    return new WatchpostError('api.invalid', {
      path: issue?.instancePath || '/',
      details: { expected: issue?.message ?? '' },
    });
  }
  const code = error instanceof Error ? codeOf(error as FastifyError) : 'api.internal';
  return new WatchpostError(code, { cause: error });
}

/** The media type of a problem (RFC 9457 §3). */
export const problemType = 'application/problem+json; charset=utf-8';

/** The members that RFC 9457 §3.1 gives a problem; ours stand beside them. */
const standardMembers = (code: ErrorCode, status: number) => ({
  type: `urn:watchpost:error:${code}`,
  title: errorRegistry[code].summary,
  status,
  detail: errorRegistry[code].action,
});

/** The body of an answer that says what was wrong, from the registry of errors. */
export function problemOf(
  error: WatchpostError,
  requestId: string,
  status = errorRegistry[error.code].status,
): Problem {
  return {
    code: error.code,
    message: errorRegistry[error.code].summary,
    action: errorRegistry[error.code].action,
    ...standardMembers(error.code, status),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(Object.keys(error.details).length === 0 ? {} : { details: { ...error.details } }),
    requestId,
  };
}

/** Answers with the problem of an error; only failures of our own are logged as such. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toWatchpostError(error);
  const status = failedPrecondition(request, known.code) ? 412 : errorRegistry[known.code].status;
  const { retryAfterSeconds } = known.details;
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', retryAfterSeconds);
  if (status >= 500) request.log.error({ err: known.cause ?? known, code: known.code }, 'request failed');
  return reply
    .code(status)
    .type(problemType)
    .serializer(JSON.stringify)
    .send(problemOf(known, request.id, status));
}
