import {
  passkeyConfirmSchema,
  passkeyMadeSchema,
  passkeyStepSchema,
  passwordProofSchema,
  recoveryCodesSchema,
  totpConfirmSchema,
  totpSetupSchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FactorSetup, Proof } from '../../accounts/factor-setup.ts';
import { deviceCookieName } from '../../accounts/log-in.ts';
import type { PasskeySetup } from '../../accounts/passkeys/passkey-setup.ts';
import { relyingPartyOf } from '../../accounts/passkeys/relying-party.ts';
import { factorRoutePolicy } from '../../accounts/policy.ts';
import { sessionOf } from '../access.ts';
import type { Api } from '../api.ts';
import type { HostCookie } from '../host-cookie.ts';

/** What {@link factorRoutes} needs. */
export interface FactorRouteOptions {
  readonly setup: FactorSetup;
  readonly passkeys: PasskeySetup;
  readonly cookie: HostCookie;
  /** The console’s origin as the browser of a request sees it. */
  readonly pageOf: (request: FastifyRequest) => string;
}

/** Second factors of the own account; open also to who must set one up first. */
export function factorRoutes(app: Api, { setup, passkeys, cookie, pageOf }: FactorRouteOptions): void {
  const rateLimit = { max: factorRoutePolicy.perMinute, timeWindow: 60_000 };
  const config = { access: 'session', withoutFactor: true, rateLimit } as const;
  const tags = ['account'];
  const proofOf = (request: FastifyRequest, password: string): Proof => ({
    ...{ password, address: request.ip },
    deviceCookie: request.cookies[deviceCookieName(sessionOf(request).user, cookie.isSecure)],
  });
  app.post(
    '/api/v1/account/totp',
    { config, schema: { tags, body: passwordProofSchema, response: { 200: totpSetupSchema } } },
    async (request) => setup.beginTotp(sessionOf(request), proofOf(request, request.body.password)),
  );
  app.post(
    '/api/v1/account/totp/confirm',
    { config, schema: { tags, body: totpConfirmSchema, response: { 200: recoveryCodesSchema } } },
    async (request) => setup.confirmTotp(sessionOf(request), request.body.code),
  );
  app.post(
    '/api/v1/account/passkeys/begin',
    { config, schema: { tags, body: passwordProofSchema, response: { 200: passkeyStepSchema } } },
    async (request) => {
      const proof = proofOf(request, request.body.password);
      return passkeys.begin(sessionOf(request), proof, relyingPartyOf(pageOf(request)));
    },
  );
  app.post(
    '/api/v1/account/passkeys',
    { config, schema: { tags, body: passkeyConfirmSchema, response: { 200: passkeyMadeSchema } } },
    async (request) => {
      const { label, response } = request.body;
      return passkeys.confirm(sessionOf(request), label, response);
    },
  );
  app.post(
    '/api/v1/account/recovery-codes',
    { config, schema: { tags, body: passwordProofSchema, response: { 200: recoveryCodesSchema } } },
    async (request) => setup.renewRecoveryCodes(sessionOf(request), proofOf(request, request.body.password)),
  );
  app.post(
    '/api/v1/account/factors/:id/remove',
    {
      config,
      schema: {
        tags,
        params: z.strictObject({ id: uuidSchema }),
        body: passwordProofSchema,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await setup.remove(sessionOf(request), id, proofOf(request, request.body.password));
      return reply.code(204).send(null);
    },
  );
}
