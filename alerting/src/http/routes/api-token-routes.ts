import {
  apiTokenListSchema,
  apiTokenRequestSchema,
  dueApiTokensSchema,
  newApiTokenSchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiTokens, Maker } from '../../accounts/api-tokens.ts';
import { sessionOf } from '../access.ts';
import type { Api } from '../api.ts';

/** What {@link apiTokenRoutes} needs. */
export interface ApiTokenRouteOptions {
  readonly tokens: ApiTokens;
  /** Who changes accounts, with whether they are administrator of every site. */
  readonly byOf: (request: FastifyRequest) => Promise<Maker['by']>;
}

const idParams = z.strictObject({ id: uuidSchema });

/** API tokens of programs, for who manages accounts. */
export function apiTokenRoutes(app: Api, { tokens, byOf }: ApiTokenRouteOptions): void {
  const config = { access: 'accounts.manage' } as const;
  const tags = ['accounts'];
  app.get(
    '/api/v1/accounts/:id/tokens',
    { config, schema: { tags, params: idParams, response: { 200: apiTokenListSchema } } },
    async ({ params }) => tokens.list(params.id),
  );
  app.post(
    '/api/v1/accounts/:id/tokens',
    {
      config,
      schema: { tags, params: idParams, body: apiTokenRequestSchema, response: { 200: newApiTokenSchema } },
    },
    async (request, reply) => {
      const maker = { by: await byOf(request), session: sessionOf(request) };
      // Shown this once: nothing on the way keeps it.
      reply.header('cache-control', 'no-store');
      return tokens.make(maker, request.params.id, request.body);
    },
  );
  app.delete(
    '/api/v1/accounts/:id/tokens/:token',
    {
      config,
      schema: {
        tags,
        params: z.strictObject({ id: uuidSchema, token: uuidSchema }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await tokens.revoke(await byOf(request), request.params.id, request.params.token);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/v1/api-tokens/due',
    { config, schema: { tags, response: { 200: dueApiTokensSchema } } },
    async () => tokens.due(),
  );
}
