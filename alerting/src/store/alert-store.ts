import {
  type Alert,
  type AlertState,
  type AlertTransition,
  alertSchema,
  alertTransitionSchema,
} from '@watchpost/contracts/alert';
import { type Selectable, sql } from 'kysely';
import { kindOf } from '../alerts/alert-subject.ts';
import { insertRows, rowsOf } from './json-rows.ts';
import { closedAtOnce } from './policy.ts';
import type { Database, Queryable } from './schema.ts';
import { isUnresolvedAlert } from './unresolved.ts';

/** An alert as its row says. */
export function toAlert(row: Selectable<Database['alert']>): Alert {
  return alertSchema.parse({
    id: row.id,
    site: row.site,
    zone: row.zone,
    gateway: row.gateway,
    device: row.device,
    eventType: row.event_type,
    details: row.details,
    severity: row.severity,
    state: row.state,
    condition: row.condition,
    risk: row.risk,
    eventCount: row.event_count,
    openedAt: row.opened_at.toISOString(),
    lastEventAt: row.last_event_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    acknowledgedBy: row.acknowledged_by,
    resolvedBy: row.resolved_by,
    disposition: row.disposition,
    version: row.version,
    ...(row.changed_in === null ? {} : { changedIn: row.changed_in }),
    ...(row.late_ms === null ? {} : { lateMs: Number(row.late_ms) }),
    ...(row.suppressed === null ? {} : { suppressions: row.suppressed }),
  });
}

/** Columns that change after an alert was opened. */
function mutableColumns(alert: Alert) {
  return {
    details: JSON.stringify(alert.details),
    severity: alert.severity,
    state: alert.state,
    condition: alert.condition,
    score: alert.risk.score,
    risk: JSON.stringify(alert.risk),
    event_count: alert.eventCount,
    last_event_at: alert.lastEventAt,
    updated_at: alert.updatedAt,
    acknowledged_by: alert.acknowledgedBy,
    resolved_by: alert.resolvedBy,
    disposition: alert.disposition,
    version: alert.version,
    changed_in: alert.changedIn === undefined ? null : JSON.stringify(alert.changedIn),
    suppressed: alert.suppressions === undefined ? null : JSON.stringify(alert.suppressions),
  };
}

/** The unresolved alerts of these groups, locked for the rest of the transaction. */
export async function lockUnresolved(
  tx: Queryable,
  site: string,
  groupKeys: readonly string[],
): Promise<Map<string, Alert>> {
  if (groupKeys.length === 0) return new Map();
  const rows = await tx
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('group_key', 'in', groupKeys)
    .where(isUnresolvedAlert)
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.group_key, toAlert(row)]));
}

/** An alert to be stored, with the key of its group. */
export interface KeyedAlert {
  readonly alert: Alert;
  readonly groupKey: string;
  /** Cell of the map in which it happened; kept from its opening on. */
  readonly cell?: string | null;
}

/** Stores new and changed alerts in one statement. */
export async function saveAlerts(tx: Queryable, alerts: readonly KeyedAlert[]): Promise<void> {
  const [first] = alerts;
  if (first === undefined) return;
  const rows = alerts.map(({ alert, groupKey, cell = null }) => ({
    id: alert.id,
    site: alert.site,
    group_key: groupKey,
    zone: alert.zone,
    gateway: alert.gateway,
    device: alert.device,
    event_type: alert.eventType,
    kind: kindOf(alert.eventType, alert.details),
    opened_at: alert.openedAt,
    cell,
    late_ms: alert.lateMs ?? null,
    ...mutableColumns(alert),
    details: alert.details,
    risk: alert.risk,
    changed_in: alert.changedIn ?? null,
    suppressed: alert.suppressions ?? null,
  }));
  const changing = Object.keys(mutableColumns(first.alert)).map(
    (column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`,
  );
  await insertRows(tx, 'alert', rows, sql`on conflict (site, id) do update set ${sql.join(changing)}`);
}

/** Stores what changed of an alert that is there. */
export async function updateAlert(tx: Queryable, alert: Alert): Promise<void> {
  await tx
    .updateTable('alert')
    .set(mutableColumns(alert))
    .where('site', '=', alert.site)
    .where('id', '=', alert.id)
    .execute();
}

/** Stores what changed of alerts that are there, in one statement. */
export async function updateAlerts(tx: Queryable, alerts: readonly Alert[]): Promise<void> {
  const [first] = alerts;
  if (first === undefined) return;
  const rows = alerts.map((alert) => ({
    ...mutableColumns(alert),
    ...{ id: alert.id, site: alert.site, details: alert.details, risk: alert.risk },
    changed_in: alert.changedIn ?? null,
    suppressed: alert.suppressions ?? null,
  }));
  const changing = Object.keys(mutableColumns(first)).map(
    (column) => sql`${sql.ref(column)} = ${sql.ref(`changed.${column}`)}`,
  );
  await sql`update alert set ${sql.join(changing)} from ${rowsOf('alert', rows)} as changed
    where alert.site = changed.site and alert.id = changed.id`.execute(tx);
}

/** What an earlier request with this id was answered on this site. */
export async function answerOf(
  db: Queryable,
  site: string,
  request: string,
): Promise<{ readonly alert: Alert; readonly to: AlertState; readonly position: number } | undefined> {
  const row = await db
    .selectFrom('alert_change')
    .select(['snapshot', 'to_state', 'position'])
    .where('site', '=', site)
    .where('request', '=', request)
    .executeTakeFirst();
  if (!row?.snapshot || row.to_state === null) return undefined;
  return { alert: alertSchema.parse(row.snapshot), to: row.to_state, position: row.position };
}

/** An alert, locked for the rest of the transaction. */
export async function lockAlert(tx: Queryable, site: string, id: string): Promise<Alert | undefined> {
  const row = await tx
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toAlert(row);
}

/** Alerts that were asked for together, without waiting for whoever changes one. */
export interface LockedAlerts {
  /** By id, locked for the rest of the transaction; those that do not exist are missing. */
  readonly locked: ReadonlyMap<string, Alert>;
  /** Ids of those that somebody else is changing. */
  readonly busy: ReadonlySet<string>;
}

/** Locks the alerts of these ids that nobody else is changing. */
export async function lockFreeAlerts(
  tx: Queryable,
  site: string,
  ids: readonly string[],
): Promise<LockedAlerts> {
  const rows = await tx
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute();
  const locked = new Map(rows.map((row) => [row.id, toAlert(row)]));
  const missing = ids.filter((id) => !locked.has(id));
  if (missing.length === 0) return { locked, busy: new Set() };
  const there = await tx
    .selectFrom('alert')
    .select('id')
    .where('site', '=', site)
    .where('id', 'in', missing)
    .execute();
  return { locked, busy: new Set(there.map(({ id }) => id)) };
}

/** An alert as it is now. */
export async function findAlert(db: Queryable, site: string, id: string): Promise<Alert | undefined> {
  const row = await db
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toAlert(row);
}

/** An alert as it is now, on whichever of these sites it is; `within`: where only these zones are meant. */
export async function findAlertOn(
  db: Queryable,
  sites: readonly string[],
  id: string,
  within: Readonly<Record<string, readonly string[]>> = {},
): Promise<Alert | undefined> {
  if (sites.length === 0) return undefined;
  const row = await db
    .selectFrom('alert')
    .selectAll()
    .where('site', 'in', sites)
    .where('id', '=', id)
    .executeTakeFirst();
  const alert = row && toAlert(row);
  return alert && isWithin(alert, within) ? alert : undefined;
}

/** Whether an alert is of these zones, where not the whole site is meant. */
const isWithin = (
  { site, zone }: Pick<Alert, 'site' | 'zone'>,
  within: Readonly<Record<string, readonly string[]>>,
): boolean => within[site]?.includes(zone) ?? true;

/** The alert that took an alert's place: the unresolved one of the same group, if there is one. */
export async function unresolvedSibling(
  tx: Queryable,
  site: string,
  id: string,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('alert')
    .select('id')
    .where('site', '=', site)
    .where('group_key', '=', (eb) =>
      eb.selectFrom('alert as self').select('group_key').where('site', '=', site).where('id', '=', id),
    )
    .where(isUnresolvedAlert)
    .where('id', '<>', id)
    .executeTakeFirst();
  return row?.id;
}

/** The history of an alert in order, up to and including the step at `last`. */
export async function transitionsOf(
  db: Queryable,
  site: string,
  alert: string,
  last: number = Number.MAX_SAFE_INTEGER,
): Promise<AlertTransition[]> {
  const rows = await db
    .selectFrom('alert_change')
    .select(['alert', 'from_state', 'to_state', 'actor', 'at', 'reason', 'disposition'])
    .where('site', '=', site)
    .where('alert', '=', alert)
    // As the partial index names it.
    .where('to_state', 'is not', null)
    .where('position', '<=', last)
    .orderBy('position')
    .execute();
  return rows.map((row) =>
    alertTransitionSchema.parse({
      alert: row.alert,
      from: row.from_state,
      to: row.to_state,
      actor: row.actor,
      time: row.at.toISOString(),
      reason: row.reason,
      disposition: row.disposition,
    }),
  );
}

/**
 * Resolved alerts that nobody touched since `before`, oldest first; so many at once ({@link closedAtOnce}).
 */
export async function resolvedBefore(db: Queryable, site: string, before: string): Promise<string[]> {
  const rows = await db
    .selectFrom('alert')
    .select('id')
    .where('site', '=', site)
    .where('state', '=', 'resolved')
    .where('done_at', '<', new Date(before))
    .orderBy('done_at')
    .limit(closedAtOnce)
    .execute();
  return rows.map(({ id }) => id);
}
