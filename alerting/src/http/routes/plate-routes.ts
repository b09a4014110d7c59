import {
  platePageSchema,
  plateQuerySchema,
  plateRequestSchema,
  plateRetireRequestSchema,
  plateSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf } from '../../governance/person.ts';
import type { AskedPlate, Plates } from '../../plates/plates.ts';
import { platePolicy } from '../../plates/policy.ts';
import { sessionOf, siteOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';

const params = z.strictObject({ id: uuidSchema });
const tags = ['plates'];
const { perMinute } = platePolicy;
const limit = (max: number) => ({ max, timeWindow: 60_000 });
const reading = {
  access: 'plates.read',
  sites: 'each',
  zones: 'narrowed',
  rateLimit: limit(perMinute.reading),
} as const;
const issuing = {
  access: 'plates.issue',
  zones: 'narrowed',
  rateLimit: limit(perMinute.issuing),
} as const;

const person = (request: FastifyRequest) => personOf(sessionOf(request));
const asked = (request: FastifyRequest & { readonly params: { readonly id: string } }): AskedPlate => ({
  ...{ person: person(request), sites: sitesOf(request), id: request.params.id },
});

/** Address plates: issued, listed with their scans, retired. What their codes say is public. */
export function plateRoutes(app: Api, plates: Plates): void {
  app.get(
    '/api/v1/plates',
    { config: reading, schema: { tags, querystring: plateQuerySchema, response: { 200: platePageSchema } } },
    async (request) => plates.page(person(request), sitesOf(request), request.query),
  );
  app.post(
    '/api/v1/plates',
    {
      config: { ...issuing, sites: 'one', audited: 'plate_issued' },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: plateRequestSchema,
        response: { 200: plateSchema },
      },
    },
    async (request) => plates.issue(person(request), siteOf(request), request.body),
  );
  app.get(
    '/api/v1/plates/:id',
    { config: reading, schema: { tags, params, response: { 200: plateSchema } } },
    async (request) => plates.get(asked(request)),
  );
  app.post(
    '/api/v1/plates/:id/retire',
    {
      config: { ...issuing, sites: 'each', audited: 'plate_retired' },
      schema: { tags, params, body: plateRetireRequestSchema, response: { 200: plateSchema } },
    },
    async (request) => plates.retire(asked(request), request.body.reason),
  );
}
