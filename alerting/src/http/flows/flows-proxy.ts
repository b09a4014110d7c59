import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import httpProxy from '@fastify/http-proxy';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireDeclaredAccess } from '../access.ts';
import type { Api } from '../api.ts';
import { HostCookie, isOwnCookie } from '../host-cookie.ts';
import { handoverPolicy } from '../policy.ts';
import type { PublicAddress } from '../public-address.ts';
import { refuseForeign } from '../same-origin.ts';
import { addSecurityHeaders, flowsPolicy } from '../security-headers.ts';
import type { FlowsSessions } from './flows-sessions.ts';
import type { HandoverCodes } from './handover-codes.ts';

/** Where Node-RED’s process listens, on loopback. */
export interface FlowsUpstream {
  /** E.g. `http://127.0.0.1:41880`. */
  readonly url: string;
  /** Proves to it that the request passed our log-in. */
  readonly secret: string;
}

/** What {@link flowsProxy} needs. */
export interface FlowsProxyOptions {
  readonly upstream: FlowsUpstream;
  readonly address: PublicAddress;
  readonly codes: HandoverCodes;
  readonly sessions: FlowsSessions;
  /** The console’s origin as the browser of this request sees it. */
  readonly consoleOrigin: (request: FastifyRequest) => string;
}

const secretHeader = 'x-watchpost-flows-secret';

/** What a flow must not tell a browser: it would hold for the whole host, the console included. */
const hostWide = ['clear-site-data', 'strict-transport-security', 'public-key-pins', 'nel', 'report-to'];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The hand-over itself: no cookie of the proxy yet. */
    handsOver?: boolean;
  }
}

/** What Node-RED sees of a request’s headers: its secret, and no cookie of ours, whoever’s it is. */
function headersForNodeRed(headers: IncomingHttpHeaders, secret: string): IncomingHttpHeaders {
  const { cookie = '', authorization: _authorization, ...rest } = headers;
  const others = cookie
    .split(';')
    .filter((pair) => pair.trim() !== '' && !isOwnCookie(pair.split('=')[0] ?? ''));
  return { ...rest, ...(others.length > 0 ? { cookie: others.join(';') } : {}), [secretHeader]: secret };
}

/**
 * What a browser sees of Node-RED’s answer: nothing that touches the console, which lives on the same host.
 */
function headersFromNodeRed(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !hostWide.includes(name)));
  const cookies = headers['set-cookie']?.filter((cookie) => !isOwnCookie(cookie.split('=')[0] ?? ''));
  return { ...kept, ...(cookies ? { 'set-cookie': cookies } : {}) };
}

const isPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' &&
  (headers['sec-fetch-mode'] === 'navigate' ||
    (headers['sec-fetch-mode'] === undefined && (headers.accept?.includes('text/html') ?? false)));

/**
 * The proxy before Node-RED, on a port and so an origin of its own. It lets in who was handed over by the
 * console, and knows no other credential; the console never sees this cookie, and Node-RED, in whose process
 * integrators’ code runs, sees neither.
 */
export async function flowsProxy(app: Api, options: FlowsProxyOptions): Promise<void> {
  const { upstream, address, codes, sessions, consoleOrigin } = options;
  const cookie = new HostCookie('wp_flows', address);
  const stateCookie = new HostCookie('wp_flows_state', address);
  await app.register(fastifyCookie);
  requireDeclaredAccess(app);
  addSecurityHeaders(app, flowsPolicy);

  const handOver = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const state = randomBytes(16).toString('base64url');
    stateCookie.set(request, reply, state, handoverPolicy.stateMs);
    return reply.redirect(`${consoleOrigin(request)}/flows/enter?state=${state}`, 302);
  };

  app.addHook('onRequest', async (request, reply) => {
    refuseForeign(request, address);
    if (request.is404 || request.routeOptions.config.handsOver === true) return;
    if (!address.isConfidential(request)) throw new WatchpostError('api.insecure_transport');
    const token = cookie.read(request);
    const session = token === undefined ? undefined : await sessions.find(token);
    if (session !== undefined) {
      // Whatever the request is still doing then, a socket above all, ends with the session.
      const { socket } = request.raw;
      const unwatch = sessions.watch(session, () => socket.destroy());
      (request.headers.upgrade === undefined ? reply.raw : socket).once('close', unwatch);
      return;
    }
    if (!isPage(request)) throw new WatchpostError('api.unauthenticated');
    await handOver(request, reply);
  });

  app.get<{ Querystring: { code?: string; state?: string } }>(
    '/flows/enter',
    { config: { access: 'public', handsOver: true } },
    async (request, reply) => {
      const { code = '', state = '' } = request.query;
      const expected = stateCookie.read(request);
      const session = codes.redeem(code, state);
      stateCookie.clear(request, reply);
      const token = session === undefined || expected !== state ? undefined : await sessions.open(session);
      if (token === undefined) throw new WatchpostError('api.handover_refused');
      cookie.set(request, reply, token, handoverPolicy.cookieMs);
      return reply.redirect('/flows/', 302);
    },
  );
  app.get('/', { config: { access: 'flows.use' } }, async (_request, reply) =>
    reply.redirect('/flows/', 302),
  );
  await app.register(httpProxy, {
    upstream: new URL(upstream.url).origin,
    prefix: '/flows',
    rewritePrefix: '/flows',
    websocket: true,
    config: { access: 'flows.use' },
    replyOptions: {
      rewriteRequestHeaders: (_request, headers) => headersForNodeRed(headers, upstream.secret),
      rewriteHeaders: headersFromNodeRed,
    },
    // For the upgraded connection of the editor; not in the plugin’s types.
    wsClientOptions: {
      headers: {},
      rewriteRequestHeaders: (headers: IncomingHttpHeaders) => headersForNodeRed(headers, upstream.secret),
    } as object,
  });
}
