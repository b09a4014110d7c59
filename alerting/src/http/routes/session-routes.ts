import {
  loginRequestSchema,
  mqttAccessSchema,
  passkeyLogInSchema,
  passkeyStepSchema,
  type Session,
  secondStepRequestSchema,
  secondStepSchema,
  sessionSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { deviceCookieName, type LoggedIn, type LogIn } from '../../accounts/log-in.ts';
import { issueOfficerToken, type OfficerTokenOptions } from '../../accounts/officer-token.ts';
import type { OwnAccounts } from '../../accounts/own-account.ts';
import type { PasskeyLogIn } from '../../accounts/passkeys/passkey-log-in.ts';
import { relyingPartyOf } from '../../accounts/passkeys/relying-party.ts';
import { officerTokenPolicy, passkeyPolicy, secondStepPolicy } from '../../accounts/policy.ts';
import type { Sessions } from '../../accounts/sessions.ts';
import { hashOfToken } from '../../accounts/sessions.ts';
import { sessionOf, siteOf, tokenOf } from '../access.ts';
import type { Api } from '../api.ts';
import type { HostCookie } from '../host-cookie.ts';
import { originOf } from '../session-origin.ts';

/** What {@link sessionRoutes} needs. */
export interface SessionRouteOptions {
  readonly sessions: Sessions;
  readonly logIn: LogIn;
  readonly own: Pick<OwnAccounts, 'logOut'>;
  readonly cookie: HostCookie;
  /** Of log-ins that wait for their second factor. */
  readonly halfCookie: HostCookie;
  readonly nowMs: () => number;
  /** Log-in by a passkey alone. */
  readonly passkeys: PasskeyLogIn;
  /** Of log-ins by passkey that were begun. */
  readonly passkeyCookie: HostCookie;
  /** The console’s origin as the browser of a request sees it. */
  readonly pageOf: (request: FastifyRequest) => string;
  /** Without it nobody gets a token for the broker. */
  readonly officerTokens?: OfficerTokenOptions | undefined;
}

/** Log-in, who am I, log-out, and a token for the broker. */
export function sessionRoutes(app: Api, options: SessionRouteOptions): void {
  const { sessions, logIn, own, cookie, halfCookie, nowMs, officerTokens, pageOf } = options;
  const deviceCookiesOf = (request: FastifyRequest) => (user: string) =>
    request.cookies[deviceCookieName(user, cookie.isSecure)];
  const enter = (request: FastifyRequest, reply: FastifyReply, done: LoggedIn): Session => {
    cookie.set(request, reply, done.token, sessions.lifeMs);
    // Sent to this address only: nothing else has a use for it.
    reply.setCookie(deviceCookieName(done.session.user, cookie.isSecure), done.deviceCookie, {
      ...cookie.attributes,
      path: '/api/v1/session',
      maxAge: Math.floor(logIn.deviceMs / 1000),
    });
    return done.session;
  };
  app.post(
    '/api/v1/session',
    {
      config: { access: 'public', takesCredentials: true },
      schema: {
        tags: ['session'],
        body: loginRequestSchema,
        response: { 200: sessionSchema, 202: secondStepSchema },
      },
    },
    async (request, reply) => {
      const { user, password } = request.body;
      const done = await logIn.logIn({
        ...{ user, password, address: request.ip, origin: originOf(request) },
        rp: relyingPartyOf(pageOf(request)),
        deviceCookie: request.cookies[deviceCookieName(user, cookie.isSecure)],
      });
      if ('session' in done) return enter(request, reply, done);
      halfCookie.set(request, reply, done.half, secondStepPolicy.lifeMs);
      return reply.code(202).send(done.step);
    },
  );
  app.post(
    '/api/v1/session/second',
    {
      config: { access: 'public', takesCredentials: true },
      schema: { tags: ['session'], body: secondStepRequestSchema, response: { 200: sessionSchema } },
    },
    async (request, reply) => {
      const token = halfCookie.read(request) ?? '';
      const deviceCookies = deviceCookiesOf(request);
      const done = await logIn.second({
        ...{ token, proof: request.body, address: request.ip, origin: originOf(request), deviceCookies },
      });
      halfCookie.clear(request, reply);
      return enter(request, reply, done);
    },
  );
  passkeyRoutes(app, { ...options, enter, deviceCookiesOf });
  app.get(
    '/api/v1/session',
    {
      config: { access: 'session', withoutFactor: true, tokens: true },
      schema: { tags: ['session'], response: { 200: sessionSchema } },
    },
    async (request) => sessionOf(request),
  );
  app.delete(
    '/api/v1/session',
    {
      config: { access: 'session', withoutFactor: true },
      schema: { tags: ['session'], response: { 204: z.null() } },
    },
    async (request, reply) => {
      await own.logOut(sessionOf(request), tokenOf(request));
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
        person: true,
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

interface PasskeyRouteOptions extends SessionRouteOptions {
  readonly enter: (request: FastifyRequest, reply: FastifyReply, done: LoggedIn) => Session;
  readonly deviceCookiesOf: (request: FastifyRequest) => (user: string) => string | undefined;
}

/** Log-in by a passkey alone: a challenge, and its answer. */
function passkeyRoutes(app: Api, options: PasskeyRouteOptions): void {
  const { passkeys, passkeyCookie, pageOf, enter, deviceCookiesOf } = options;
  const rateLimit = { max: passkeyPolicy.perMinute, timeWindow: 60_000 };
  const config = { access: 'public', takesCredentials: true, rateLimit } as const;
  const tags = ['session'];
  app.post(
    '/api/v1/session/passkey/begin',
    { config, schema: { tags, body: z.strictObject({}).nullish(), response: { 200: passkeyStepSchema } } },
    async (request, reply) => {
      const { token, ...step } = passkeys.begin(relyingPartyOf(pageOf(request)));
      passkeyCookie.set(request, reply, token, passkeyPolicy.askedMs);
      return step;
    },
  );
  app.post(
    '/api/v1/session/passkey',
    { config, schema: { tags, body: passkeyLogInSchema, response: { 200: sessionSchema } } },
    async (request, reply) => {
      const { response } = request.body;
      const token = passkeyCookie.read(request) ?? '';
      passkeyCookie.clear(request, reply);
      const done = await passkeys.finish({
        ...{ token, response, address: request.ip, origin: originOf(request) },
        deviceCookies: deviceCookiesOf(request),
      });
      return enter(request, reply, done);
    },
  );
}
