import type { IncomingHttpHeaders } from 'node:http';
import httpProxy from '@fastify/http-proxy';
import { WatchpostError } from '@watchpost/contracts';
import type { Api } from '../api.ts';
import { sendProblem } from '../problem.ts';

export interface FlowsUpstream {
  /** Where Node-RED listens, e.g. `http://127.0.0.1:1880`; its own path is `/flows` unless the address has one. */
  readonly url: string;
  /** Proves to it that the request passed our log-in. */
  readonly secret: string;
}

const secretHeader = 'x-watchpost-flows-secret';

/** Node-RED needs no session of ours, and must not see one. */
function withSecret(headers: IncomingHttpHeaders, secret: string): IncomingHttpHeaders {
  const { cookie: _cookie, ...rest } = headers;
  return { ...rest, [secretHeader]: secret };
}

/** `/flows`: Node-RED for whoever may use it. A page that is asked for without a session leads to the log-in. */
export async function flowsProxy(app: Api, { url, secret }: FlowsUpstream): Promise<void> {
  const { origin, pathname } = new URL(url);
  // For the upgraded connection of the editor; not in the plugin's types.
  const socketOptions = {
    headers: {},
    rewriteRequestHeaders: (headers: IncomingHttpHeaders) => withSecret(headers, secret),
  };
  await app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const isNavigation =
        request.headers['sec-fetch-mode'] === 'navigate' ||
        (request.headers['sec-fetch-mode'] === undefined && request.headers.accept?.includes('text/html'));
      const isAnonymous = error instanceof WatchpostError && error.code === 'api.unauthenticated';
      if (isAnonymous && isNavigation && request.method === 'GET') return reply.redirect('/', 302);
      return sendProblem(error, request, reply);
    });
    await scope.register(httpProxy, {
      upstream: origin,
      prefix: '/flows',
      rewritePrefix: pathname === '/' ? '/flows' : pathname,
      websocket: true,
      config: { access: 'flows.use' },
      replyOptions: { rewriteRequestHeaders: (_request, headers) => withSecret(headers, secret) },
      wsClientOptions: socketOptions,
    });
  });
}
