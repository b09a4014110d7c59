import { loginRequestSchema, mqttAccessSchema, sessionSchema, WatchpostError } from '@watchpost/contracts';
import { z } from 'zod';
import { sessionCookie, sessionOf } from '../access.ts';
import type { Api } from '../api.ts';
import { issueOfficerToken, type OfficerTokenOptions } from '../officer-token.ts';
import { type Sessions, sessionMs } from '../sessions.ts';

export interface SessionRouteOptions {
  readonly sessions: Sessions;
  readonly secure: boolean;
  readonly site: string;
  readonly nowMs: () => number;
  /** Without it nobody gets a token for the broker. */
  readonly officerTokens?: OfficerTokenOptions | undefined;
}

/** Log-in, who am I, log-out, and a token for the broker. */
export function sessionRoutes(app: Api, options: SessionRouteOptions): void {
  const { sessions, secure, site, nowMs, officerTokens } = options;
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  app.post(
    '/api/v1/session',
    {
      config: { access: 'public', rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: { tags: ['session'], body: loginRequestSchema, response: { 200: sessionSchema } },
    },
    async (request, reply) => {
      const { user, password } = request.body;
      const { token, session } = await sessions.logIn(user, password, request.ip);
      reply.setCookie(sessionCookie, token, { ...cookie, maxAge: sessionMs / 1000 });
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
      if (request.sessionToken !== null) await sessions.logOut(request.sessionToken);
      reply.clearCookie(sessionCookie, cookie);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/mqtt-token',
    {
      config: { access: 'alerts.read', rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: { tags: ['session'], response: { 200: mqttAccessSchema } },
    },
    async (request) => {
      if (!officerTokens) throw new WatchpostError('api.not_found');
      return issueOfficerToken(officerTokens, sessionOf(request), site, nowMs());
    },
  );
}
