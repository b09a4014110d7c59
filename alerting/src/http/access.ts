import { timingSafeEqual } from 'node:crypto';
import { type Permission, type Session, WatchpostError } from '@watchpost/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Sessions } from './sessions.ts';

/** Who may use a route: everybody, whoever is logged in, or whoever has a permission. */
export type Access = 'public' | 'session' | Permission;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route must say; one that does not is refused at registration. */
    access?: Access;
    /** The scrape token opens the route too. */
    scrapeToken?: boolean;
  }
  interface FastifyRequest {
    session: Session | null;
    sessionToken: string | null;
  }
}

/** The name of the session cookie. */
export const sessionCookie = 'wp_session';

export interface AccessOptions {
  readonly sessions: Sessions;
  readonly scrapeToken?: string | undefined;
}

function hasToken(request: FastifyRequest, token: string | undefined): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token ?? ''}`);
  return token !== undefined && given.length === wanted.length && timingSafeEqual(given, wanted);
}

/**
 * Deny by default: a route without declared access fails at registration, and every request is checked before its
 * body is read.
 */
export function guardAccess(app: FastifyInstance, { sessions, scrapeToken }: AccessOptions): void {
  app.decorateRequest('session', null);
  app.decorateRequest('sessionToken', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} declares no access`);
    }
  });
  app.addHook('onRequest', async (request) => {
    // Addresses that are no route: the answer says so, and nothing else.
    if (request.is404) return;
    const access = request.routeOptions.config.access;
    if (access === 'public') return;
    const token = request.cookies[sessionCookie];
    request.session = token === undefined ? null : ((await sessions.find(token)) ?? null);
    request.sessionToken = request.session ? (token ?? null) : null;
    if (!request.session) {
      if (request.routeOptions.config.scrapeToken === true && hasToken(request, scrapeToken)) return;
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
