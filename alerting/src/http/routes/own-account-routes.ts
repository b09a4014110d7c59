import {
  ownAccountChangeSchema,
  ownAccountSchema,
  ownSessionListSchema,
  passwordChangeSchema,
  sessionSchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import { deviceCookieName } from '../../accounts/log-in.ts';
import type { OwnAccounts } from '../../accounts/own-account.ts';
import { hashOfToken, type Sessions } from '../../accounts/sessions.ts';
import { sessionOf, tokenOf } from '../access.ts';
import type { Api } from '../api.ts';
import type { HostCookie } from '../host-cookie.ts';
import { originOf } from '../session-origin.ts';

/** What {@link ownAccountRoutes} needs. */
export interface OwnAccountRouteOptions {
  readonly own: OwnAccounts;
  readonly sessions: Pick<Sessions, 'lifeMs'>;
  readonly cookie: HostCookie;
}

const nothing = z.strictObject({}).nullish();
const done = { 204: z.null() };

/** What people do with their own account: password, language, sessions. */
export function ownAccountRoutes(app: Api, { own, sessions, cookie }: OwnAccountRouteOptions): void {
  const config = { access: 'session', withoutFactor: true } as const;
  const tags = ['account'];
  app.get(
    '/api/v1/account',
    { config, schema: { tags, response: { 200: ownAccountSchema } } },
    async (request) => own.describe(sessionOf(request)),
  );
  app.post(
    '/api/v1/account',
    { config, schema: { tags, body: ownAccountChangeSchema, response: { 200: ownAccountSchema } } },
    async (request) => {
      await own.speak(sessionOf(request), request.body.language);
      return own.describe(sessionOf(request));
    },
  );
  app.post(
    '/api/v1/account/password',
    { config, schema: { tags, body: passwordChangeSchema, response: { 200: sessionSchema } } },
    async (request, reply) => {
      const session = sessionOf(request);
      const { old, password } = request.body;
      const proof = {
        ...{ password: old, address: request.ip, origin: originOf(request) },
        deviceCookie: request.cookies[deviceCookieName(session.user, cookie.isSecure)],
      };
      const opened = await own.changePassword(session, proof, password);
      cookie.set(request, reply, opened.token, sessions.lifeMs);
      return opened.session;
    },
  );
  app.get(
    '/api/v1/account/sessions',
    { config, schema: { tags, response: { 200: ownSessionListSchema } } },
    async (request) => ({
      sessions: await own.sessions(sessionOf(request), hashOfToken(tokenOf(request))),
    }),
  );
  app.delete(
    '/api/v1/account/sessions/:id',
    { config, schema: { tags, params: z.strictObject({ id: uuidSchema }), response: done } },
    async (request, reply) => {
      await own.endSessions(sessionOf(request), { id: request.params.id });
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/account/sessions/end-others',
    { config, schema: { tags, body: nothing, response: done } },
    async (request, reply) => {
      await own.endSessions(sessionOf(request), { but: hashOfToken(tokenOf(request)) });
      return reply.code(204).send(null);
    },
  );
}
