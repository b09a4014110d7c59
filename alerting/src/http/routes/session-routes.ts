import { loginRequestSchema, sessionSchema } from '@watchpost/contracts';
import { z } from 'zod';
import { sessionCookie, sessionOf } from '../access.ts';
import type { Api } from '../api.ts';
import { type Sessions, sessionMs } from '../sessions.ts';

/** Log-in, who am I, log-out. */
export function sessionRoutes(
  app: Api,
  options: { readonly sessions: Sessions; readonly secure: boolean },
): void {
  const { sessions, secure } = options;
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
}
