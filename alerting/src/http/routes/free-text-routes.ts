import {
  freeTextFindRequestSchema,
  freeTextFoundSchema,
  freeTextStrikeRequestSchema,
  freeTextStruckSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import type { FreeTexts } from '../../governance/free-texts.ts';
import { personOf } from '../../governance/person.ts';
import { freeTextPolicy } from '../../governance/policy.ts';
import { sessionOf, siteOf } from '../access.ts';
import type { Api } from '../api.ts';

/**
 * Names in what people wrote, for who erases people. About the whole site: who is limited to zones of it has
 * no answer here.
 */
export function freeTextRoutes(app: Api, texts: FreeTexts): void {
  const config = {
    ...({ access: 'lists.approve', sites: 'one', person: true } as const),
    rateLimit: { max: freeTextPolicy.perMinute, timeWindow: 60_000 },
  } as const;
  const tags = ['privacy'];
  app.post(
    '/api/v1/free-text/find',
    {
      config: { ...config, audited: 'texts_searched' },
      schema: {
        ...{ tags, querystring: siteQuerySchema, body: freeTextFindRequestSchema },
        response: { 200: freeTextFoundSchema },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return texts.find(personOf(sessionOf(request)), siteOf(request), request.body.words);
    },
  );
  app.post(
    '/api/v1/free-text/strike',
    {
      config: { ...config, audited: 'texts_struck' },
      schema: {
        ...{ tags, querystring: siteQuerySchema, body: freeTextStrikeRequestSchema },
        response: { 200: freeTextStruckSchema },
      },
    },
    async (request) => texts.strike(personOf(sessionOf(request)), siteOf(request), request.body),
  );
}
