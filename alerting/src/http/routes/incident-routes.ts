import type { Incident } from '@watchpost/contracts/alert';
import {
  type IncidentDetail,
  type IncidentPage,
  incidentCommentRequestSchema,
  incidentDetailSchema,
  incidentMergeRequestSchema,
  incidentPageSchema,
  incidentQuerySchema,
  incidentSplitRequestSchema,
  incidentStepRequestSchema,
  type Permission,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type Instructions, instructionFor } from '@watchpost/contracts/site';
import { timeSchema, uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf } from '../../governance/person.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import { incidentPolicy } from '../../incidents/policy.ts';
import type { ZonesBySite } from '../../store/alert-queue.ts';
import { findIncidentWithAlerts } from '../../store/incident-store.ts';
import {
  findIncidentOn,
  type IncidentPosition,
  incidentPosition,
  listIncidents,
  timelineOf,
  viewIncidents,
} from '../../store/incident-view-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { sessionOf, sitesOf, zonesOf } from '../access.ts';
import type { Api } from '../api.ts';

/** What {@link incidentRoutes} needs. */
export interface IncidentRouteOptions {
  /** All that run here. */
  readonly sites: readonly string[];
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly desk: Incidents;
  /** What is to be done about which alert of a site. */
  readonly instructions: (site: string) => Instructions;
}

const idParams = z.strictObject({ id: uuidSchema });
const positionSchema = z.tuple([z.number().int().min(0).max(3), timeSchema, uuidSchema]);
const permission = 'alerts.decide' as const satisfies Permission;

const toCursor = ({ rank, openedAt, id }: IncidentPosition): string =>
  Buffer.from(JSON.stringify([rank, openedAt, id])).toString('base64url');

/** @throws WatchpostError `api.invalid` when it is none of ours */
function fromCursor(cursor: string): IncidentPosition {
  try {
    const [rank, openedAt, id] = positionSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString()),
    );
    return { rank, openedAt, id };
  } catch (cause) {
    throw new WatchpostError('api.invalid', { path: '/cursor', cause });
  }
}

/** Incidents: list, one with its timeline, steps with all of its alerts, merging, splitting, comments. */
export function incidentRoutes(app: Api, options: IncidentRouteOptions): void {
  readingRoutes(app, options);
  changingRoutes(app, options);
}

function readingRoutes(app: Api, options: IncidentRouteOptions): void {
  const { db, nowMs } = options;
  app.get(
    '/api/v1/incidents',
    {
      config: { access: 'alerts.read', sites: 'each', zones: 'narrowed' },
      schema: {
        tags: ['incidents'],
        querystring: incidentQuerySchema,
        response: { 200: incidentPageSchema },
      },
    },
    async (request): Promise<IncidentPage> => {
      const { cursor, limit, site: _site, ...filter } = request.query;
      const after = cursor === undefined ? undefined : fromCursor(cursor);
      const [sites, within] = [sitesOf(request), zonesOf(request)];
      const found = await listIncidents(db, { ...filter, sites, within, after, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const bySite = Map.groupBy(shown, ({ site }) => site);
      const views = await Promise.all(
        [...bySite].map(([site, ofSite]) => viewIncidents(db, site, ofSite, within)),
      );
      const byId = new Map(views.flat().map((view) => [`${view.site} ${view.id}`, view]));
      const last = shown.at(-1);
      return {
        incidents: shown.flatMap(({ site, id }) => byId.get(`${site} ${id}`) ?? []),
        next: found.length > limit && last ? toCursor(incidentPosition(last)) : null,
        time: new Date(nowMs()).toISOString(),
      };
    },
  );
  app.get(
    '/api/v1/incidents/:id',
    {
      config: { access: 'alerts.read', sites: 'each', zones: 'narrowed' },
      schema: { tags: ['incidents'], params: idParams, response: { 200: incidentDetailSchema } },
    },
    async (request) => {
      const incident = await seenIncident(request, options, sitesOf(request), request.params.id);
      return detailOf(options, incident, zonesOf(request));
    },
  );
}

function changingRoutes(app: Api, options: IncidentRouteOptions): void {
  const { desk } = options;
  const narrowed = { access: permission, sites: 'each', zones: 'narrowed' } as const;
  /** Of alerts in zones that exist for the person and of others at once: for whom the whole site exists. */
  const whole = { access: permission, sites: 'each' } as const;
  const answering = { tags: ['incidents'], params: idParams, response: { 200: incidentDetailSchema } };
  app.post(
    '/api/v1/incidents/:id/steps',
    { config: narrowed, schema: { ...answering, body: incidentStepRequestSchema } },
    async (request) => {
      const incident = await incidentToChange(request, options, request.params.id);
      const within = zonesOf(request);
      const { user } = sessionOf(request);
      await desk.step(incident, request.body, user, within[incident.site]);
      return detailOf(options, incident, within);
    },
  );
  app.post(
    '/api/v1/incidents/:id/comments',
    { config: narrowed, schema: { ...answering, body: incidentCommentRequestSchema } },
    async (request) => {
      const incident = await incidentToChange(request, options, request.params.id);
      await desk.comment(incident, request.body, sessionOf(request).user);
      return detailOf(options, incident, zonesOf(request));
    },
  );
  app.post(
    '/api/v1/incidents/:id/merge',
    {
      config: { ...whole, audited: 'incident_merged', auditedKind: 'incident' },
      schema: { ...answering, body: incidentMergeRequestSchema },
    },
    async (request) => {
      const incident = await incidentToChange(request, options, request.params.id);
      await desk.merge(incident, request.body, personOf(sessionOf(request)));
      return detailOf(options, incident, zonesOf(request));
    },
  );
  app.post(
    '/api/v1/incidents/:id/split',
    {
      config: { ...whole, audited: 'incident_split', auditedKind: 'incident' },
      schema: { ...answering, body: incidentSplitRequestSchema },
    },
    async (request) => {
      const incident = await incidentToChange(request, options, request.params.id);
      await desk.split(incident, request.body, personOf(sessionOf(request)));
      return detailOf(options, incident, zonesOf(request));
    },
  );
}

/**
 * The incident, where it exists for the person on these sites; what is there and does not is written down.
 * @throws WatchpostError `api.not_found`
 */
async function seenIncident(
  request: FastifyRequest,
  { db, sites: all }: IncidentRouteOptions,
  sites: readonly string[],
  id: string,
): Promise<Incident> {
  const incident = await findIncidentOn(db, sites, id);
  const within = Object.fromEntries(
    sessionOf(request).sites.flatMap(({ site, zones }) => (zones === null ? [] : [[site, zones]])),
  );
  if (incident && (await viewIncidents(db, incident.site, [incident], within)).length > 0) return incident;
  if (await findIncidentOn(db, all, id)) request.beyondScope = { kind: 'incident', id };
  throw new WatchpostError('api.not_found');
}

/** As {@link seenIncident}. @throws WatchpostError `api.forbidden` where the person only reads */
async function incidentToChange(
  request: FastifyRequest,
  options: IncidentRouteOptions,
  id: string,
): Promise<Incident> {
  const readable = sessionOf(request).sites.filter(({ permissions }) => permissions.includes('alerts.read'));
  const incident = await seenIncident(
    request,
    options,
    readable.map(({ site }) => site),
    id,
  );
  if (!sitesOf(request).includes(incident.site))
    throw new WatchpostError('api.forbidden', { details: { permission } });
  return incident;
}

/** As it is now. */
async function detailOf(
  { db, instructions }: IncidentRouteOptions,
  { site, id }: Incident,
  within: ZonesBySite,
): Promise<IncidentDetail> {
  const { alertsShown, momentsShown } = incidentPolicy;
  const found = await findIncidentWithAlerts(db, site, id, alertsShown, within[site]);
  const [view] = found ? await viewIncidents(db, site, [found.incident], within) : [];
  if (!found || !view) throw new WatchpostError('api.not_found');
  const { alerts } = found;
  const timeline = await timelineOf(
    db,
    site,
    id,
    alerts.map((alert) => alert.id),
    momentsShown,
  );
  const instruction = view.lead ? instructionFor(instructions(site), view.lead) : undefined;
  return { incident: view, alerts: [...alerts], timeline, ...(instruction ? { instruction } : {}) };
}
