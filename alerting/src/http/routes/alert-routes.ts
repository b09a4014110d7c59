import {
  type Alert,
  type AlertState,
  alertDetailSchema,
  alertPageSchema,
  alertQuerySchema,
  timeSchema,
  transitionRequestSchema,
  uuidSchema,
  WatchpostError,
} from '@watchpost/contracts';
import { z } from 'zod';
import { takeOfficerStep } from '../../alerts/officer-step.ts';
import { type AlertPosition, findAlert, listAlerts, transitionsOf } from '../../store/alert-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { sessionOf } from '../access.ts';
import type { Api } from '../api.ts';

export interface AlertRouteOptions {
  readonly db: Queryable;
  readonly site: string;
  readonly nowMs: () => number;
  /** Called after an officer changed an alert. */
  readonly alertChanged: (alert: Alert) => void;
}

const positionSchema = z.tuple([timeSchema, uuidSchema]);
const notClosed: readonly AlertState[] = ['open', 'acknowledged', 'in_progress', 'resolved'];

function toCursor(alert: Alert): string {
  return Buffer.from(JSON.stringify([alert.updatedAt, alert.id])).toString('base64url');
}

/** @throws WatchpostError `api.invalid` when it is not one of ours. */
function fromCursor(cursor: string): AlertPosition {
  try {
    const [updatedAt, id] = positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { updatedAt, id };
  } catch (cause) {
    throw new WatchpostError('api.invalid', { path: '/cursor', cause });
  }
}

const idParams = z.strictObject({ id: uuidSchema });

/** The alerts: list, one with its history, and the steps of an officer. */
export function alertRoutes(app: Api, { db, site, nowMs, alertChanged }: AlertRouteOptions): void {
  app.get(
    '/api/v1/alerts',
    {
      config: { access: 'alerts.read' },
      schema: { tags: ['alerts'], querystring: alertQuerySchema, response: { 200: alertPageSchema } },
    },
    async (request) => {
      const { state, severity, limit, cursor } = request.query;
      const after = cursor === undefined ? undefined : fromCursor(cursor);
      // One more than asked for tells whether there is a next page.
      const found = await listAlerts(db, {
        site,
        states: state ?? notClosed,
        severity,
        after,
        limit: limit + 1,
      });
      const alerts = found.slice(0, limit);
      const last = alerts.at(-1);
      return { alerts, next: found.length > limit && last ? toCursor(last) : null };
    },
  );
  app.get(
    '/api/v1/alerts/:id',
    {
      config: { access: 'alerts.read' },
      schema: { tags: ['alerts'], params: idParams, response: { 200: alertDetailSchema } },
    },
    async (request) => {
      const alert = await findAlert(db, site, request.params.id);
      if (!alert) throw new WatchpostError('api.not_found');
      return { alert, transitions: await transitionsOf(db, alert.id) };
    },
  );
  app.post(
    '/api/v1/alerts/:id/transitions',
    {
      config: { access: 'alerts.decide' },
      schema: {
        tags: ['alerts'],
        params: idParams,
        body: transitionRequestSchema,
        response: { 200: alertDetailSchema },
      },
    },
    async (request) => {
      const { user } = sessionOf(request);
      const result = await takeOfficerStep(db, site, request.params.id, request.body, user, nowMs());
      if (result.changed) alertChanged(result.detail.alert);
      return result.detail;
    },
  );
}
