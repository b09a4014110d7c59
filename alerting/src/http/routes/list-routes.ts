import {
  type ListStep,
  listEditRequestSchema,
  listEntryRequestSchema,
  listEntrySchema,
  listPageSchema,
  listQuerySchema,
  listReasonRequestSchema,
  listReviewRequestSchema,
  listStepRequestSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { entryIdSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { append } from '../../governance/audit-log.ts';
import { entriesAsCsv } from '../../governance/list-export.ts';
import type { Lists, StepOrder } from '../../governance/lists.ts';
import { actorOf, personOf, reachOf } from '../../governance/person.ts';
import { listsPolicy } from '../../governance/policy.ts';
import { pageOfEntries } from '../../store/list-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { sessionOf, siteOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';

/** What {@link listRoutes} needs. */
export interface ListRouteOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly lists: Lists;
}

const params = z.strictObject({ id: entryIdSchema });
const rateLimit = { max: listsPolicy.perMinute.entries, timeWindow: 60_000 };
const reading = { access: 'lists.read', sites: 'each', zones: 'narrowed', rateLimit } as const;
const proposing = { access: 'lists.propose', sites: 'each', zones: 'narrowed', rateLimit } as const;
const approving = { access: 'lists.approve', sites: 'each', zones: 'narrowed', rateLimit } as const;
const tags = ['lists'];
const answer = { response: { 200: listEntrySchema } };

const person = (request: FastifyRequest) => personOf(sessionOf(request));

/** A step on the entry of the address. */
export function orderOf(
  request: FastifyRequest & { readonly params: { readonly id: string } },
  { version, reason }: { readonly version: number; readonly reason?: string | undefined },
): StepOrder {
  return { person: person(request), sites: sitesOf(request), id: request.params.id, version, reason };
}

/** The watch and access lists: pages, one entry, its steps, and an export. */
export function listRoutes(app: Api, { db, nowMs, lists }: ListRouteOptions): void {
  app.get(
    '/api/v1/lists',
    {
      config: { ...reading, audited: 'list_searched' },
      schema: { tags, querystring: listQuerySchema, response: { 200: listPageSchema } },
    },
    async (request) => lists.page(person(request), sitesOf(request), request.query),
  );
  app.get(
    '/api/v1/lists/export',
    { config: { ...reading, audited: 'exported' }, schema: { tags, querystring: siteQuerySchema } },
    async (request, reply) => {
      const sites = sitesOf(request);
      const who = person(request);
      const limit = listsPolicy.exportedAtMost;
      const entries = await pageOfEntries(db, reachOf(who, sites), { limit });
      await append(db, {
        ...{ at: new Date(nowMs()).toISOString(), actor: actorOf(who), action: 'exported', outcome: 'done' },
        site: sites.length === 1 ? (sites[0] ?? null) : null,
        subject: { kind: 'lists', id: 'csv' },
        reason: null,
        details: { sites: [...sites], entries: entries.length },
      });
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="watchpost-lists.csv"')
        .header('cache-control', 'no-store')
        .send(entriesAsCsv(entries));
    },
  );
  app.post(
    '/api/v1/lists',
    {
      config: {
        access: 'lists.propose',
        sites: 'one',
        zones: 'narrowed',
        rateLimit,
        audited: 'list_entry_edited',
      },
      schema: { tags, querystring: siteQuerySchema, body: listEntryRequestSchema, ...answer },
    },
    async (request) => lists.create(person(request), siteOf(request), request.body),
  );
  app.get(
    '/api/v1/lists/:id',
    { config: { ...reading, audited: 'list_entry_viewed' }, schema: { tags, params, ...answer } },
    async (request) => lists.get(person(request), sitesOf(request), request.params.id),
  );
  app.post(
    '/api/v1/lists/:id',
    {
      config: { ...proposing, audited: 'list_entry_edited' },
      schema: { tags, params, body: listEditRequestSchema, ...answer },
    },
    async (request) => {
      const { version, ...fields } = request.body;
      return lists.edit(orderOf(request, { version }), fields);
    },
  );
  app.post(
    '/api/v1/lists/:id/review',
    {
      config: { ...proposing, audited: 'list_entry_reviewed' },
      schema: { tags, params, body: listReviewRequestSchema, ...answer },
    },
    async (request) => lists.review(orderOf(request, request.body), request.body.review),
  );
  const steps = [
    ['propose', proposing, 'list_entry_proposed', listStepRequestSchema],
    ['approve', approving, 'list_entry_approved', listStepRequestSchema],
    ['refuse', approving, 'list_entry_refused', listReasonRequestSchema],
    ['withdraw', proposing, 'list_entry_withdrawn', listReasonRequestSchema],
    ['erase', approving, 'list_entry_erased', listReasonRequestSchema],
  ] as const satisfies readonly (readonly [ListStep, ...unknown[]])[];
  for (const [step, config, audited, body] of steps)
    app.post(
      `/api/v1/lists/:id/${step}`,
      { config: { ...config, audited }, schema: { tags, params, body, ...answer } },
      async (request) => lists[step](orderOf(request, request.body)),
    );
}
