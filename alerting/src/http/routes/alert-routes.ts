import type { AlertState } from '@watchpost/contracts/alert';
import {
  type AlertCounts,
  type AlertDetail,
  type AlertPage,
  alertBatchAnswerSchema,
  alertBatchRequestSchema,
  alertDetailSchema,
  alertPageSchema,
  alertQuerySchema,
  transitionRequestSchema,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type Instructions, instructionFor } from '@watchpost/contracts/site';
import { uuidSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import { takeBatch } from '../../alerts/alert-batch.ts';
import { takeOfficerStep } from '../../alerts/officer-step.ts';
import {
  type AlertFilter,
  countMatches,
  listAlerts,
  positionOf,
  type ZonesBySite,
} from '../../store/alert-queue.ts';
import { transitionsOf } from '../../store/alert-store.ts';
import type { ChangeLog } from '../../store/change-log.ts';
import { incidentOfAlert } from '../../store/incident-view-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { type SeenBy, seenVersions } from '../../store/seen-store.ts';
import { sessionOf, sitesOf, zonesOf } from '../access.ts';
import { fromCursor, toCursor } from '../alert-cursor.ts';
import type { Api } from '../api.ts';
import { batchPolicy } from '../policy.ts';
import { alertToChange, seenAlert } from '../seen-alert.ts';

/** What {@link alertRoutes} needs. */
export interface AlertRouteOptions {
  /** All that run here. */
  readonly sites: readonly string[];
  readonly db: Queryable;
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly nowMs: () => number;
  readonly counts: (sites: readonly string[], within?: ZonesBySite) => Promise<AlertCounts>;
  /** What is to be done about which alert of a site. */
  readonly instructions: (site: string) => Instructions;
}

const notClosed: readonly AlertState[] = ['open', 'acknowledged', 'in_progress', 'resolved'];
const done: readonly AlertState[] = ['resolved', 'closed'];

type Query = z.output<typeof alertQuerySchema>;

/** One page of the list, with how many there are altogether. */
async function pageOf(
  { db, nowMs, counts }: AlertRouteOptions,
  { sites, within }: Pick<AlertFilter, 'sites' | 'within'>,
  query: Query,
  /** Whose marks the page carries; undefined: nobody’s. */
  person: SeenBy | undefined,
): Promise<AlertPage> {
  const { site: _, state: states = notClosed, order, limit, cursor, unseen, ...narrowed } = query;
  if (order === 'newest' && states.some((state) => !done.includes(state))) {
    throw new WatchpostError('api.invalid', {
      path: '/order',
      details: { expected: 'state=resolved,closed' },
    });
  }
  if (unseen && !person)
    throw new WatchpostError('api.invalid', { path: '/unseen', details: { expected: 'a person' } });
  const filter = { ...narrowed, sites, within, states, order, unseenBy: unseen && person };
  const after = cursor === undefined ? undefined : fromCursor(cursor, order);
  // One more than asked for tells whether there is a next page.
  const [found, total, counted] = await Promise.all([
    listAlerts(db, { ...filter, after, limit: limit + 1 }),
    states.includes('closed') ? null : countMatches(db, filter),
    counts(sites, within),
  ]);
  const alerts = found.slice(0, limit);
  const last = alerts.at(-1);
  const next = found.length > limit && last ? toCursor(positionOf(last, order)) : null;
  const seen = person && (await seenVersions(db, person.account, alerts));
  const time = new Date(nowMs()).toISOString();
  return { alerts, next, total, counts: counted, ...(seen ? { seen } : {}), time };
}

const idParams = z.strictObject({ id: uuidSchema });

/** The alerts: list, one with its history and what to do, and the steps of an officer. */
export function alertRoutes(app: Api, options: AlertRouteOptions): void {
  const { db, changes, nowMs } = options;
  const withInstruction = (detail: AlertDetail): AlertDetail => {
    const instruction = instructionFor(options.instructions(detail.alert.site), detail.alert);
    return { ...detail, ...(instruction ? { instruction } : {}) };
  };
  const { sites: all } = options;
  app.get(
    '/api/v1/alerts',
    {
      config: { access: 'alerts.read', sites: 'each', zones: 'narrowed' },
      schema: { tags: ['alerts'], querystring: alertQuerySchema, response: { 200: alertPageSchema } },
    },
    async (request) => {
      const person = request.sessionToken === null ? undefined : sessionOf(request);
      return pageOf(options, { sites: sitesOf(request), within: zonesOf(request) }, request.query, person);
    },
  );
  app.get(
    '/api/v1/alerts/:id',
    {
      config: { access: 'alerts.read', sites: 'each', zones: 'narrowed' },
      schema: { tags: ['alerts'], params: idParams, response: { 200: alertDetailSchema } },
    },
    async (request) => {
      const { id } = request.params;
      const alert = await seenAlert(db, request, { sites: sitesOf(request), all, id });
      const transitions = await transitionsOf(db, alert.site, alert.id);
      const incident = await incidentOfAlert(db, alert.site, alert.id);
      return withInstruction({ alert, transitions, ...(incident ? { incident } : {}) });
    },
  );
  app.post(
    '/api/v1/alerts/:id/transitions',
    {
      config: { access: 'alerts.decide', sites: 'each', zones: 'narrowed' },
      schema: {
        tags: ['alerts'],
        params: idParams,
        body: transitionRequestSchema,
        response: { 200: alertDetailSchema },
      },
    },
    async (request) => {
      const { user } = sessionOf(request);
      const { id } = request.params;
      const { site } = await alertToChange(db, request, { all, id, permission: 'alerts.decide' });
      const { detail } = await takeOfficerStep(changes, site, id, request.body, user, nowMs());
      return withInstruction(detail);
    },
  );
  app.post(
    '/api/v1/alerts/batch',
    {
      config: {
        ...{ access: 'alerts.decide', sites: 'each', zones: 'narrowed' },
        rateLimit: { max: batchPolicy.perMinute, timeWindow: 60_000 },
      },
      schema: { tags: ['alerts'], body: alertBatchRequestSchema, response: { 200: alertBatchAnswerSchema } },
    },
    async (request) =>
      takeBatch(
        {
          ...{ changes, nowMs, user: sessionOf(request).user },
          find: (id) => alertToChange(db, request, { all, id, permission: 'alerts.decide' }),
        },
        request.body,
      ),
  );
}
