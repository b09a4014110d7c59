import type { Server as HttpServer, ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type HttpServerLimits, httpServerLimits } from './policy.ts';

/** What `createServer` of node:http and node:https takes. */
export function httpServerOptions(limits: Partial<HttpServerLimits> = {}): ServerOptions {
  const { headersMs, requestMs, keepAliveMs, headerBytes, checkEveryMs } = { ...httpServerLimits, ...limits };
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: headerBytes,
    connectionsCheckingInterval: checkEveryMs,
  };
}

/** The same for Fastify. Its own `requestTimeout` is 0 by default, which switches Node’s protection off. */
export function fastifyServerOptions(limits: Partial<HttpServerLimits> = {}) {
  const { requestMs, idleMs, keepAliveMs, bodyBytes } = { ...httpServerLimits, ...limits };
  return {
    http: httpServerOptions(limits),
    requestTimeout: requestMs,
    connectionTimeout: idleMs,
    keepAliveTimeout: keepAliveMs,
    bodyLimit: bodyBytes,
  };
}

/** Connections that were closed at once because there were too many. */
export interface DroppedConnections {
  readonly count: number;
}

/**
 * Sets what is not an option of `createServer`: how many connections there may be and how long one may be
 * idle.
 */
export function limitConnections(
  server: HttpServer,
  limits: Partial<HttpServerLimits> = {},
): DroppedConnections {
  const { connections, idleMs } = { ...httpServerLimits, ...limits };
  const dropped = { count: 0 };
  server.maxConnections = connections;
  server.setTimeout(idleMs);
  server.on('drop', () => {
    dropped.count++;
  });
  return dropped;
}

/**
 * Listens, and gives the port.
 * @throws WatchpostError `config.port_taken`, or `config.invalid` when the address cannot be used; `setting`
 *   is the path of the port.
 */
export function listenHttp(
  server: HttpServer,
  { host, port }: { readonly host: string; readonly port: number },
  setting: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error): void => {
      const taken = 'code' in cause && cause.code === 'EADDRINUSE';
      const code = taken ? 'config.port_taken' : 'config.invalid';
      reject(new WatchpostError(code, { path: setting, details: { host, port }, cause }));
    };
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.removeListener('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
