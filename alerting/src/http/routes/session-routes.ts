import {
  loginRequestSchema,
  mqttAccessSchema,
  sessionSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { z } from 'zod';
import { deviceCookieName, type LogIn } from '../../accounts/log-in.ts';
import { issueOfficerToken, type OfficerTokenOptions } from '../../accounts/officer-token.ts';
import { officerTokenPolicy } from '../../accounts/policy.ts';
import type { Sessions } from '../../accounts/sessions.ts';
import { hashOfToken } from '../../accounts/sessions.ts';
import { sessionOf, siteOf, tokenOf } from '../access.ts';
import type { Api } from '../api.ts';
import type { HostCookie } from '../host-cookie.ts';

/** What {@link sessionRoutes} needs. */
export interface SessionRouteOptions {
  readonly sessions: Sessions;
  readonly logIn: LogIn;
  readonly cookie: HostCookie;
  readonly nowMs: () => number;
  /** Without it nobody gets a token for the broker. */
  readonly officerTokens?: OfficerTokenOptions | undefined;
}

/** Log-in, who am I, log-out, and a token for the broker. */
export function sessionRoutes(app: Api, options: SessionRouteOptions): void {
  const { sessions, logIn, cookie, nowMs, officerTokens } = options;
  app.post(
    '/api/v1/session',
    {
      config: { access: 'public', takesCredentials: true },
      schema: { tags: ['session'], body: loginRequestSchema, response: { 200: sessionSchema } },
    },
    async (request, reply) => {
      const { user, password } = request.body;
      const name = deviceCookieName(user, cookie.isSecure);
      const { token, session, deviceCookie } = await logIn.logIn({
        user,
        password,
        address: request.ip,
        deviceCookie: request.cookies[name],
      });
      cookie.set(request, reply, token, sessions.lifeMs);
      // Sent to this address only: nothing else has a use for it.
      reply.setCookie(name, deviceCookie, {
        ...cookie.attributes,
        path: '/api/v1/session',
        maxAge: Math.floor(logIn.deviceMs / 1000),
      });
      return session;
    },
  );
  app.get(
    '/api/v1/session',
    { config: { access: 'session' }, schema: { tags: ['session'], response: { 200: sessionSchema } } },
    async (request) => sessionOf(request),
  );
  app.delete(
    '/api/v1/session',
    { config: { access: 'session' }, schema: { tags: ['session'], response: { 204: z.null() } } },
    async (request, reply) => {
      await sessions.logOut(tokenOf(request));
      cookie.clear(request, reply);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/mqtt-token',
    {
      config: {
        access: 'alerts.read',
        sites: 'one',
        rateLimit: { max: officerTokenPolicy.perMinute, timeWindow: 60_000 },
      },
      schema: { tags: ['session'], querystring: siteQuerySchema, response: { 200: mqttAccessSchema } },
    },
    async (request) => {
      if (!officerTokens) throw new WatchpostError('api.not_found');
      const session = { ...sessionOf(request), hash: hashOfToken(tokenOf(request)) };
      const access = await issueOfficerToken(officerTokens, session, siteOf(request), nowMs());
      officerTokens.ended?.follow(sessions, session.hash, Date.parse(access.expires));
      return access;
    },
  );
}
