import { setupAnswerSchema, setupRequestSchema, siteQuerySchema } from '@watchpost/contracts/api';
import { siteEditingPolicy } from '../../site-editing/policy.ts';
import type { Queryable } from '../../store/schema.ts';
import { readSetup, saveSetup } from '../../store/setup-store.ts';
import { siteOf } from '../access.ts';
import type { Api } from '../api.ts';

const path = '/api/v1/setup';
const schema = { tags: ['site'], querystring: siteQuerySchema, response: { 200: setupAnswerSchema } };
const rateLimit = { max: siteEditingPolicy.perMinute.setups, timeWindow: 60_000 };

/** Where somebody stands who sets a site up: it can be left, and gone on with on another device. */
export function setupRoutes(app: Api, db: Queryable, nowMs: () => number): void {
  app.get(path, { config: { access: 'site.read', sites: 'one', rateLimit }, schema }, async (request) =>
    readSetup(db, siteOf(request)),
  );
  app.put(
    path,
    {
      config: { access: 'site.edit', sites: 'one', rateLimit },
      schema: { ...schema, body: setupRequestSchema },
    },
    async (request) => saveSetup(db, siteOf(request), request.body, new Date(nowMs()).toISOString()),
  );
}
