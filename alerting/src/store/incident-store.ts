import { randomUUID } from 'node:crypto';
import { type Alert, type Incident, type IncidentConcern, incidentSchema } from '@watchpost/contracts/alert';
import { type Selectable, sql } from 'kysely';
import { type MemberSummary, severityAt } from '../incidents/derive-incident.ts';
import { toAlert } from './alert-store.ts';
import { insertRows } from './json-rows.ts';
import type { Database, Queryable } from './schema.ts';
import { isUnresolvedAlert } from './unresolved.ts';

/** An incident as its row says. */
export function toIncident(row: Selectable<Database['incident']>): Incident {
  return incidentSchema.parse({
    id: row.id,
    site: row.site,
    version: row.version,
    concern: row.concern,
    severity: row.severity,
    state: row.state,
    quiet: row.quiet,
    zones: row.zones,
    alerts: row.alerts,
    flapping: row.flapping,
    openedAt: row.opened_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    lastMemberAt: row.last_member_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    changedIn: row.changed_in,
    mergedInto: row.merged_into,
  });
}

/** The incidents of these alerts, by alert; those without one are missing. Nobody moves them meanwhile. */
export async function incidentIdsOf(
  tx: Queryable,
  site: string,
  alerts: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom('incident_member')
    .select(['alert', 'incident'])
    .where('site', '=', site)
    .where('alert', 'in', [...alerts])
    .orderBy('alert')
    .forShare()
    .execute();
  return new Map(rows.map(({ alert, incident }) => [alert, incident]));
}

/** Incidents, locked for the rest of the transaction in the order of their ids. */
export async function lockIncidents(
  tx: Queryable,
  site: string,
  ids: readonly string[],
): Promise<Map<string, Incident>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('incident')
    .selectAll()
    .where('site', '=', site)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, toIncident(row)]));
}

/** From now on no other transaction puts new alerts of the site into incidents, until this one ends. */
export async function lockOpening(tx: Queryable, site: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`watchpost.incident ${site}`}, 0))`.execute(tx);
}

/** Where an incident is. */
export interface IncidentExtent {
  readonly id: string;
  readonly zones: readonly string[];
  readonly devices: readonly string[];
}

/**
 * Where incidents are that go on, are of these concerns and grew since then, newest first. Devices of those
 * that are in all of these zones are left out: nobody has to ask how near they are.
 */
export async function extentOfJoinable(
  tx: Queryable,
  site: string,
  { concerns, zones }: { readonly concerns: readonly IncidentConcern[]; readonly zones: readonly string[] },
  sinceMs: number,
  atMost: number,
): Promise<IncidentExtent[]> {
  const { rows } = await sql<IncidentExtent>`select incident.id, incident.zones,
    case when incident.zones @> ${JSON.stringify(zones)}::jsonb then '[]'::jsonb else (
      select coalesce(jsonb_agg(distinct alert.device), '[]') from incident_member as member
      join alert on alert.site = member.site and alert.id = member.alert
      where member.site = incident.site and member.incident = incident.id) end as devices
    from incident where incident.site = ${site} and incident.closed_at is null
      and incident.concern in (${sql.join([...concerns])})
      and incident.last_member_at >= ${new Date(sinceMs).toISOString()}::timestamptz
    order by incident.last_member_at desc limit ${sql.lit(atMost)}`.execute(tx);
  return rows;
}

/** An incident, locked unless somebody else is at work on it; undefined where there is none. */
export async function lockFreeIncident(
  tx: Queryable,
  site: string,
  id: string,
): Promise<Incident | 'busy' | undefined> {
  const of = tx.selectFrom('incident').selectAll().where('site', '=', site).where('id', '=', id);
  const row = await of.forUpdate().skipLocked().executeTakeFirst();
  if (row) return toIncident(row);
  return (await of.executeTakeFirst()) ? 'busy' : undefined;
}

/** Ids of the alerts of an incident that are not resolved. */
export async function unresolvedMembers(tx: Queryable, site: string, incident: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select alert.id from incident_member as member
    join alert on alert.site = member.site and alert.id = member.alert
    where member.site = ${site} and member.incident = ${incident}
      and alert.state in ('open', 'acknowledged', 'in_progress')`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Puts alerts into incidents; of one that is in another already, out of that. */
export async function addMembers(
  tx: Queryable,
  site: string,
  members: readonly { readonly incident: string; readonly alert: string }[],
  at: string,
): Promise<void> {
  await insertRows(
    tx,
    'incident_member',
    members.map(({ incident, alert }) => ({ site, alert, incident, joined_at: at })),
    sql`on conflict (site, alert) do update set incident = excluded.incident, joined_at = excluded.joined_at`,
  );
}

interface SummaryRow {
  readonly incident: string;
  readonly alerts: number;
  readonly severity: number;
  readonly unresolved: number | null;
  readonly any_open: boolean;
  readonly told: number | null;
  readonly told_open: boolean | null;
  readonly zones: readonly Alert['zone'][];
  readonly flapping: number;
}

const isTold = sql`alert.state in ('open', 'acknowledged', 'in_progress') and alert.suppressed is null`;

/** What the alerts of incidents come to now, by incident. */
export async function membersOf(
  tx: Queryable,
  site: string,
  incidents: readonly string[],
): Promise<Map<string, MemberSummary>> {
  const { rows } = await sql<SummaryRow>`select member.incident, count(*)::integer as alerts,
      min(alert.severity_order) as severity,
      min(alert.severity_order) filter (where alert.state in ('open', 'acknowledged', 'in_progress')) as unresolved,
      bool_or(alert.state = 'open') as any_open,
      min(alert.severity_order) filter (where ${isTold}) as told,
      bool_or(alert.state = 'open') filter (where ${isTold}) as told_open, jsonb_agg(distinct alert.zone) as zones,
      coalesce(max((alert.details ->> 'flapping')::integer), 0) as flapping
    from incident_member as member join alert on alert.site = member.site and alert.id = member.alert
    where member.site = ${site} and member.incident in (${sql.join(incidents)}) group by member.incident`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.incident, toSummary(row)]));
}

/** What people are told of counts; the rest only where they are told of none of it. */
function toSummary({
  alerts,
  zones,
  flapping,
  severity,
  unresolved,
  told,
  ...row
}: SummaryRow): MemberSummary {
  const counted = told ?? unresolved;
  return {
    ...{ alerts, zones, flapping, severity: severityAt(severity) },
    unresolvedSeverity: counted === null ? null : severityAt(counted),
    anyOpen: row.told_open ?? row.any_open,
    quiet: told === null && unresolved !== null,
  };
}

/** Stores new and changed incidents. */
export async function saveIncidents(tx: Queryable, incidents: readonly Incident[]): Promise<void> {
  const rows = incidents.map((incident) => ({
    ...{ id: incident.id, site: incident.site, concern: incident.concern, opened_at: incident.openedAt },
    ...mutableColumns(incident),
  }));
  const [first] = incidents;
  if (!first) return;
  const changing = Object.keys(mutableColumns(first)).map(
    (column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`,
  );
  await insertRows(tx, 'incident', rows, sql`on conflict (site, id) do update set ${sql.join(changing)}`);
}

const mutableColumns = (incident: Incident) => ({
  version: incident.version,
  severity: incident.severity,
  state: incident.state,
  quiet: incident.quiet,
  zones: incident.zones,
  alerts: incident.alerts,
  flapping: incident.flapping,
  updated_at: incident.updatedAt,
  last_member_at: incident.lastMemberAt,
  closed_at: incident.closedAt,
  changed_in: incident.changedIn,
  merged_into: incident.mergedInto,
});

/** An incident with the alerts that say most of it. */
export interface IncidentWithAlerts {
  readonly incident: Incident;
  /**
   * The unresolved before the others, then those of which people are told, then by severity, then in the
   * order of their opening.
   */
  readonly alerts: readonly Alert[];
}

/**
 * An incident as it is now, with so many of its alerts (in these zones) at most; undefined when there is
 * none.
 */
export async function findIncidentWithAlerts(
  db: Queryable,
  site: string,
  id: string,
  alertsAtMost: number,
  zones?: readonly string[],
): Promise<IncidentWithAlerts | undefined> {
  const row = await db
    .selectFrom('incident')
    .selectAll()
    .where('site', '=', site)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  let wanted = db
    .selectFrom('alert')
    .innerJoin('incident_member as member', (join) =>
      join.onRef('member.site', '=', 'alert.site').onRef('member.alert', '=', 'alert.id'),
    )
    .selectAll('alert')
    .where('member.site', '=', site)
    .where('member.incident', '=', id)
    .orderBy(sql`alert.state in ('resolved', 'closed')`)
    .orderBy(sql`alert.suppressed is not null`)
    .orderBy('alert.severity_order')
    .orderBy('alert.opened_at')
    .orderBy('alert.id')
    .limit(alertsAtMost);
  if (zones) wanted = wanted.where('alert.zone', 'in', zones.length === 0 ? [''] : [...zones]);
  const alerts = await wanted.execute();
  return { incident: toIncident(row), alerts: alerts.map(toAlert) };
}

/** How often people were told of an incident, and when the last time was or will be. */
export interface Telling {
  readonly atMs: number;
  /** Updates that waited for their time, or will. */
  readonly updates: number;
}

/** What was noted of tellings, by incident; those of whom nobody was told are missing. */
export async function tellingsOf(
  tx: Queryable,
  site: string,
  incidents: readonly string[],
): Promise<Map<string, Telling>> {
  const rows = await tx
    .selectFrom('incident')
    .select(['id', 'told_at', 'updates'])
    .where('site', '=', site)
    .where('id', 'in', [...incidents])
    .execute();
  return new Map(
    rows.flatMap(({ id, told_at: at, updates }) =>
      at === null ? [] : [[id, { atMs: at.getTime(), updates }] as const],
    ),
  );
}

/** Notes when people are told of incidents. */
export async function noteTellings(
  tx: Queryable,
  site: string,
  tellings: ReadonlyMap<string, Telling>,
): Promise<void> {
  const rows = [...tellings].map(([id, { atMs, updates }]) => ({
    ...{ id, updates },
    told_at: new Date(atMs).toISOString(),
  }));
  if (rows.length === 0) return;
  await sql`update incident set told_at = told.told_at, updates = told.updates
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as told(id uuid, told_at timestamptz, updates integer)
    where incident.site = ${site} and incident.id = told.id`.execute(tx);
}

/** Deletes incidents that have no alerts any more, and are over since `before`. RFC 3339. */
export async function forgetIncidents(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from incident where site = ${site} and closed_at < ${before}::timestamptz
    and not exists (select from incident_member as member where member.site = incident.site
      and member.incident = incident.id)`.execute(db);
}

/** The alerts of incidents; nobody moves them until the end of the transaction. */
export async function lockMembers(
  tx: Queryable,
  site: string,
  incidents: readonly string[],
): Promise<string[]> {
  const rows = await tx
    .selectFrom('incident_member')
    .select('alert')
    .where('site', '=', site)
    .where('incident', 'in', [...incidents])
    .orderBy('alert')
    .forUpdate()
    .execute();
  return rows.map(({ alert }) => alert);
}

/** The unresolved alerts of an incident, locked for the rest of the transaction. */
export async function lockMemberAlerts(tx: Queryable, site: string, incident: string): Promise<Alert[]> {
  const rows = await tx
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('id', 'in', (members) =>
      members
        .selectFrom('incident_member')
        .select('alert')
        .where('site', '=', site)
        .where('incident', '=', incident),
    )
    .where(isUnresolvedAlert)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(toAlert);
}

/** Moves alerts (all of them, when none are named) from one incident to another; returns how many. */
export async function moveMembers(
  tx: Queryable,
  site: string,
  from: string,
  to: string,
  alerts?: readonly string[],
): Promise<number> {
  let moving = tx
    .updateTable('incident_member')
    .set({ incident: to })
    .where('site', '=', site)
    .where('incident', '=', from);
  if (alerts) moving = moving.where('alert', 'in', [...alerts]);
  const { numUpdatedRows } = await moving.executeTakeFirst();
  // What had gone into it before goes along.
  if (!alerts)
    await tx
      .updateTable('incident')
      .set({ merged_into: to })
      .where('site', '=', site)
      .where('merged_into', '=', from)
      .execute();
  return Number(numUpdatedRows);
}

/** Something that somebody did with an incident as a whole. */
export interface NewIncidentNote {
  readonly site: string;
  readonly id?: string;
  readonly incident: string;
  /** RFC 3339. */
  readonly at: string;
  readonly what: 'comment' | 'merged' | 'split';
  readonly actor: string;
  readonly text: string | null;
  readonly other: string | null;
  readonly alerts: number;
}

/** Writes down what somebody did with an incident, once for each id. */
export async function addNote(tx: Queryable, note: NewIncidentNote): Promise<void> {
  await tx
    .insertInto('incident_note')
    .values({ ...note, id: note.id ?? randomUUID() })
    .onConflict((conflict) => conflict.columns(['site', 'id']).doNothing())
    .execute();
}
