import {
  alertDetailSchema,
  silenceChangeRequestSchema,
  silenceDetailSchema,
  silenceEndRequestSchema,
  silenceListSchema,
  silencePreviewRequestSchema,
  silencePreviewSchema,
  silenceQuerySchema,
  silenceRequestSchema,
  silenceSignRequestSchema,
  siteQuerySchema,
  snoozeRequestSchema,
  unsnoozeRequestSchema,
} from '@watchpost/contracts/api';
import { uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf } from '../../governance/person.ts';
import { silencePolicy } from '../../silences/policy.ts';
import type { AskedSilence, Silences } from '../../silences/silences.ts';
import { type SnoozeContext, snooze, unsnooze } from '../../silences/snoozes.ts';
import type { ChangeLog } from '../../store/change-log.ts';
import type { Queryable } from '../../store/schema.ts';
import { sessionOf, siteOf, sitesOf } from '../access.ts';
import type { Api } from '../api.ts';
import { alertToChange } from '../seen-alert.ts';

/** What {@link silenceRoutes} needs. */
export interface SilenceRouteOptions {
  readonly silences: Silences;
  /** All that run here. */
  readonly sites: readonly string[];
  readonly db: Queryable;
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly nowMs: () => number;
}

const params = z.strictObject({ id: uuidSchema });
const tags = ['silences'];
const limit = (max: number) => ({ max, timeWindow: 60_000 });
const rateLimit = limit(silencePolicy.perMinute.changing);
// Silences are narrowed to those whose zones are all among the person’s.
const reading = {
  access: 'alerts.read',
  sites: 'each',
  zones: 'narrowed',
  rateLimit: limit(silencePolicy.perMinute.reading),
} as const;
const making = { access: 'silences.make', sites: 'each', zones: 'narrowed', rateLimit } as const;
const signing = { access: 'silences.sign', sites: 'each', zones: 'narrowed', rateLimit } as const;
const one = { sites: 'one' } as const;
const auditedKind = 'silence';

const person = (request: FastifyRequest) => personOf(sessionOf(request));
const asked = (request: FastifyRequest & { readonly params: { readonly id: string } }): AskedSilence => ({
  ...{ person: person(request), sites: sitesOf(request), id: request.params.id },
});

/** What people want to hear nothing of for a time, and single alerts that are put off. */
export function silenceRoutes(app: Api, options: SilenceRouteOptions): void {
  readingRoutes(app, options);
  makingRoutes(app, options.silences);
  snoozeRoutes(app, options);
}

function readingRoutes(app: Api, { silences, nowMs }: SilenceRouteOptions): void {
  app.get(
    '/api/v1/silences',
    {
      config: reading,
      schema: { tags, querystring: silenceQuerySchema, response: { 200: silenceListSchema } },
    },
    async (request) => {
      const found = await silences.list(person(request), sitesOf(request), request.query.ended === 'yes');
      return { silences: [...found], time: new Date(nowMs()).toISOString() };
    },
  );
  app.get(
    '/api/v1/silences/:id',
    { config: reading, schema: { tags, params, response: { 200: silenceDetailSchema } } },
    async (request) => silences.get(asked(request)),
  );
  app.post(
    '/api/v1/silences/preview',
    {
      config: { ...making, ...one },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: silencePreviewRequestSchema,
        response: { 200: silencePreviewSchema },
      },
    },
    async (request) => silences.preview(person(request), siteOf(request), request.body),
  );
}

function makingRoutes(app: Api, silences: Silences): void {
  app.post(
    '/api/v1/silences',
    {
      config: { ...making, ...one, audited: 'silence_made' },
      schema: {
        tags,
        querystring: siteQuerySchema,
        body: silenceRequestSchema,
        response: { 200: silenceDetailSchema },
      },
    },
    async (request) => silences.make(person(request), siteOf(request), request.body),
  );
  app.post(
    '/api/v1/silences/:id',
    {
      config: { ...making, audited: 'silence_changed', auditedKind },
      schema: { tags, params, body: silenceChangeRequestSchema, response: { 200: silenceDetailSchema } },
    },
    async (request) => silences.change(asked(request), request.body),
  );
  app.post(
    '/api/v1/silences/:id/sign',
    {
      config: { ...signing, audited: 'silence_signed', auditedKind },
      schema: { tags, params, body: silenceSignRequestSchema, response: { 200: silenceDetailSchema } },
    },
    async (request) => silences.sign(asked(request), request.body.version),
  );
  app.post(
    '/api/v1/silences/:id/end',
    {
      config: { ...making, audited: 'silence_ended', auditedKind },
      schema: { tags, params, body: silenceEndRequestSchema, response: { 200: silenceDetailSchema } },
    },
    async (request) => silences.end(asked(request), request.body.version, request.body.reason),
  );
}

function snoozeRoutes(app: Api, { sites: all, db, changes, nowMs }: SilenceRouteOptions): void {
  const permission = 'alerts.decide';
  const config = { access: permission, sites: 'each', zones: 'narrowed' } as const;
  const context = async (
    request: FastifyRequest & { readonly params: { readonly id: string } },
  ): Promise<SnoozeContext> => {
    const { id } = request.params;
    const { site } = await alertToChange(db, request, { all, id, permission });
    return { changes, site, id, user: sessionOf(request).user, nowMs: nowMs() };
  };
  const response = { 200: alertDetailSchema };
  app.post(
    '/api/v1/alerts/:id/snooze',
    { config, schema: { tags, params, body: snoozeRequestSchema, response } },
    async (request) => snooze(await context(request), request.body),
  );
  app.post(
    '/api/v1/alerts/:id/unsnooze',
    { config, schema: { tags, params, body: unsnoozeRequestSchema, response } },
    async (request) => unsnooze(await context(request), request.body),
  );
}
