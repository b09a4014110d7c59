import {
  secretAnswerSchema,
  secretParamsSchema,
  secretRequestSchema,
  siteAppliedSchema,
  siteEditsRequestSchema,
  siteFileViewSchema,
  sitePlanSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import type { FastifyRequest } from 'fastify';
import { personOf } from '../../governance/person.ts';
import { siteEditingPolicy } from '../../site-editing/policy.ts';
import type { SiteEditing } from '../../site-editing/site-editing.ts';
import { sessionOf, siteOf } from '../access.ts';
import type { Api } from '../api.ts';

const tags = ['site'];
const { perMinute, bodyBytes: bodyLimit } = siteEditingPolicy;
const atMost = (max: number) => ({ max, timeWindow: 60_000 });
const who = (request: FastifyRequest) => personOf(sessionOf(request));

/**
 * The site file in the browser. They are about a site as a whole, so people who are limited to zones of it
 * have no answer here. A change asks for `site.edit`, `privacy.edit` or both, as what it changes says.
 */
export function siteEditingRoutes(app: Api, editing: SiteEditing): void {
  const querystring = siteQuerySchema;
  app.get(
    '/api/v1/site-file',
    {
      config: { access: 'site.read', sites: 'one', rateLimit: atMost(perMinute.reads) },
      schema: { tags, querystring, response: { 200: siteFileViewSchema } },
    },
    async (request) => editing.read(siteOf(request)),
  );
  const changing = { access: 'site.read', sites: 'one', audited: 'site_changed' } as const;
  const change = { tags, querystring, body: siteEditsRequestSchema };
  app.post(
    '/api/v1/site-file/plan',
    {
      bodyLimit,
      config: { ...changing, rateLimit: atMost(perMinute.plans) },
      schema: { ...change, response: { 200: sitePlanSchema } },
    },
    async (request) => editing.plan(who(request), siteOf(request), request.body),
  );
  app.post(
    '/api/v1/site-file/apply',
    {
      bodyLimit,
      config: { ...changing, rateLimit: atMost(perMinute.applies) },
      schema: { ...change, response: { 200: siteAppliedSchema } },
      // Only now: it may start this process again.
      onResponse: async (request, reply) => {
        if (reply.statusCode !== 200) return;
        await editing.putIntoForce().catch((err: unknown) => request.log.error({ err }, 'sites not applied'));
      },
    },
    async (request) => editing.apply(who(request), siteOf(request), request.body),
  );
  app.put(
    '/api/v1/secrets/:name',
    {
      config: {
        ...{ access: 'site.edit', sites: 'one', audited: 'secret_written' },
        rateLimit: atMost(perMinute.secrets),
      },
      schema: {
        ...{ tags, querystring, params: secretParamsSchema, body: secretRequestSchema },
        response: { 200: secretAnswerSchema },
      },
    },
    async (request) =>
      editing.keepSecret(who(request), siteOf(request), request.params.name, request.body.value),
  );
}
