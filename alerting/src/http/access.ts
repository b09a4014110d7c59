import { timingSafeEqual } from 'node:crypto';
import type { Permission, Session } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Sessions } from '../accounts/sessions.ts';
import type { HostCookie } from './host-cookie.ts';
import type { PublicAddress } from './public-address.ts';

/** Who may use a route: everybody, whoever is logged in, or whoever has a permission. */
export type Access = 'public' | 'session' | Permission;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route must say; one that does not is refused at registration. */
    access?: Access;
    /** A public route that takes credentials. */
    takesCredentials?: boolean;
    /** Answers under any `Host`, or none: checks of load balancers name nobody. */
    anyHost?: boolean;
    /** The scrape token opens the route too. */
    scrapeToken?: boolean;
  }
  interface FastifyRequest {
    session: Session | null;
    sessionToken: string | null;
  }
}

/** What {@link guardAccess} needs. */
export interface AccessOptions {
  readonly sessions: Sessions;
  readonly cookie: HostCookie;
  readonly address: PublicAddress;
  readonly scrapeToken?: string | undefined;
}

function hasToken(request: FastifyRequest, token: string | undefined): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token ?? ''}`);
  return token !== undefined && given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Refuses at registration a route that does not say who may use it. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} declares no access`);
    }
  });
}

/**
 * Deny by default: a route without declared access fails at registration, and every request is checked before
 * its body is read. Credentials that somebody on the way could read are refused.
 */
export function guardAccess(app: FastifyInstance, options: AccessOptions): void {
  const { sessions, cookie, address, scrapeToken } = options;
  app.decorateRequest('session', null);
  app.decorateRequest('sessionToken', null);
  requireDeclaredAccess(app);
  app.addHook('onRequest', async (request) => {
    // Addresses that are no route: the answer says so, and nothing else.
    if (request.is404) return;
    const { access, takesCredentials = false, scrapeToken: takesToken = false } = request.routeOptions.config;
    if (access === 'public' && !takesCredentials) return;
    if (!address.isConfidential(request)) throw new WatchpostError('api.insecure_transport');
    if (access === 'public') return;
    const token = cookie.read(request);
    request.session = token === undefined ? null : ((await sessions.find(token)) ?? null);
    request.sessionToken = request.session ? (token ?? null) : null;
    if (!request.session) {
      if (takesToken && hasToken(request, scrapeToken)) return;
      throw new WatchpostError('api.unauthenticated');
    }
    if (access === 'session') return;
    if (access === undefined || !request.session.permissions.includes(access)) {
      throw new WatchpostError('api.forbidden', { details: { permission: access ?? 'none' } });
    }
  });
}

/** The session of a request whose route needs one. */
export function sessionOf(request: FastifyRequest): Session {
  if (!request.session) throw new WatchpostError('api.unauthenticated');
  return request.session;
}

/** The token of that session. */
export function tokenOf(request: FastifyRequest): string {
  if (request.sessionToken === null) throw new WatchpostError('api.unauthenticated');
  return request.sessionToken;
}
