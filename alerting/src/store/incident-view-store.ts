import {
  type Alert,
  alertTransitionSchema,
  type Incident,
  type IncidentConcern,
  type IncidentState,
  type Severity,
} from '@watchpost/contracts/alert';
import type { IncidentMoment, IncidentView } from '@watchpost/contracts/api';
import { type RawBuilder, sql } from 'kysely';
import { severityAt } from '../incidents/derive-incident.ts';
import type { ZonesBySite } from './alert-queue.ts';
import { toAlert } from './alert-store.ts';
import { toIncident } from './incident-store.ts';
import type { Queryable } from './schema.ts';

/** Which incidents somebody asks for. */
export interface IncidentFilter {
  readonly sites: readonly string[];
  /** Where only these zones of a site exist for whoever asks. */
  readonly within: ZonesBySite;
  readonly state?: IncidentState | undefined;
  readonly severity?: Severity | undefined;
  readonly concern?: IncidentConcern | undefined;
  readonly zone?: string | undefined;
  readonly after?: IncidentPosition | undefined;
  readonly limit: number;
}

/** Where a page ended. */
export interface IncidentPosition {
  /** 0 is the gravest; 0 for all of those that are over. */
  readonly rank: number;
  readonly openedAt: string;
  readonly id: string;
}

const unresolved = sql`alert.state in ('open', 'acknowledged', 'in_progress')`;
const rank: RawBuilder<number> = sql`case incident.severity when 'critical' then 0 when 'high' then 1
  when 'medium' then 2 else 3 end`;

/** Where one of these columns is a zone that whoever asks may see. */
function seenZones(site: RawBuilder<unknown>, zone: RawBuilder<unknown>, within: ZonesBySite) {
  const limited = Object.entries(within).filter(([, zones]) => zones !== undefined);
  if (limited.length === 0) return sql`true`;
  const parts = limited.map(
    ([id, zones]) => sql`(${site} <> ${id} or ${zone} = any(${[...(zones ?? [])]}::text[]))`,
  );
  return sql`(${sql.join(parts, sql` and `)})`;
}

/** The incidents that match, in order. */
export async function listIncidents(db: Queryable, filter: IncidentFilter): Promise<Incident[]> {
  const { sites, within, state, severity, concern, zone, after, limit } = filter;
  const isOver = state === 'over';
  const parts = [
    sql`incident.site in (${sql.join([...sites])})`,
    sql`incident.alerts > 0`,
    ...(isOver ? [sql`incident.closed_at is not null`] : [sql`incident.closed_at is null`]),
    ...(state && !isOver ? [sql`incident.state = ${state}`] : []),
    ...(severity ? [sql`incident.severity = ${severity}`] : []),
    ...(concern ? [sql`incident.concern = ${concern}`] : []),
    ...(zone ? [sql`incident.zones ? ${zone}`] : []),
    ...(Object.keys(within).length > 0
      ? [
          sql`exists (select from jsonb_array_elements_text(incident.zones) as one(zone)
            where ${seenZones(sql`incident.site`, sql`one.zone`, within)})`,
        ]
      : []),
    ...(after ? [followsAfter(after, isOver)] : []),
  ];
  const order = isOver
    ? sql`incident.opened_at desc, incident.id`
    : sql`${rank}, incident.opened_at, incident.id`;
  const { rows } = await sql<Parameters<typeof toIncident>[0]>`select * from incident
    where ${sql.join(parts, sql` and `)} order by ${order} limit ${sql.lit(limit)}`.execute(db);
  return rows.map(toIncident);
}

function followsAfter({ rank: last, openedAt, id }: IncidentPosition, isOver: boolean) {
  const at = sql`${openedAt}::timestamptz`;
  return isOver
    ? sql`(incident.opened_at < ${at} or (incident.opened_at = ${at} and incident.id > ${id}::uuid))`
    : sql`(${rank}, incident.opened_at, incident.id) > (${sql.lit(last)}, ${at}, ${id}::uuid)`;
}

/** The position of an incident in its list. */
export function incidentPosition({ severity, openedAt, id, state }: Incident): IncidentPosition {
  const order = [0, 1, 2, 3].find((one) => severityAt(one) === severity) ?? 0;
  return { rank: state === 'over' ? 0 : order, openedAt, id };
}

interface ViewRow {
  readonly incident: string;
  readonly alerts: number;
  readonly events: number;
  readonly hidden: number;
  readonly active: boolean;
  readonly taken_by: string[] | null;
  readonly zones: Alert['zone'][];
  readonly severity: number;
  readonly unresolved: number | null;
  readonly any_open: boolean;
  readonly lead: string;
}

/**
 * Incidents of one site as somebody sees them: counted from the alerts in these zones alone. One without
 * alerts there is missing, unless its alerts went into another one and the whole site is meant.
 */
export async function viewIncidents(
  db: Queryable,
  site: string,
  incidents: readonly Incident[],
  within: ZonesBySite,
): Promise<IncidentView[]> {
  if (incidents.length === 0) return [];
  const ids = sql.join(incidents.map(({ id }) => id));
  const { rows } = await sql<ViewRow>`select member.incident, count(*)::integer as alerts,
      sum(alert.event_count)::integer as events,
      (count(*) filter (where ${unresolved} and alert.suppressed is not null))::integer as hidden,
      coalesce(bool_or(${unresolved} and alert.condition = 'active'), false) as active,
      jsonb_agg(distinct alert.acknowledged_by) filter (where ${unresolved} and alert.acknowledged_by is not null)
        as taken_by,
      jsonb_agg(distinct alert.zone) as zones, min(alert.severity_order) as severity,
      min(alert.severity_order) filter (where ${unresolved}) as unresolved,
      bool_or(alert.state = 'open') as any_open,
      (array_agg(alert.id order by alert.state in ('resolved', 'closed'), alert.severity_order, alert.opened_at,
        alert.id))[1] as lead
    from incident_member as member join alert on alert.site = member.site and alert.id = member.alert
    where member.site = ${site} and member.incident in (${ids})
      and ${seenZones(sql`alert.site`, sql`alert.zone`, within)}
    group by member.incident`.execute(db);
  const byIncident = new Map(rows.map((row) => [row.incident, row]));
  const leads = await alertsById(
    db,
    site,
    rows.map(({ lead }) => lead),
  );
  const isNarrowed = within[site] !== undefined;
  return incidents.flatMap((incident): IncidentView[] => {
    const row = byIncident.get(incident.id);
    const nothing = { events: 0, hidden: 0, active: false, takenBy: [], lead: null };
    if (!row) return isNarrowed || incident.alerts > 0 ? [] : [{ ...incident, ...nothing }];
    const { alerts, events, hidden, active } = row;
    const seen = { events, hidden, active, takenBy: row.taken_by ?? [], lead: leads.get(row.lead) ?? null };
    if (!isNarrowed) return [{ ...incident, ...seen }];
    const state = row.unresolved === null ? 'over' : row.any_open ? 'open' : 'acknowledged';
    const severity = severityAt(row.unresolved ?? row.severity);
    return [{ ...incident, ...seen, alerts, zones: row.zones, state, severity }];
  });
}

async function alertsById(db: Queryable, site: string, ids: readonly string[]): Promise<Map<string, Alert>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, toAlert(row)]));
}

/** An incident on whichever of these sites it is. */
export async function findIncidentOn(
  db: Queryable,
  sites: readonly string[],
  id: string,
): Promise<Incident | undefined> {
  if (sites.length === 0) return undefined;
  const row = await db
    .selectFrom('incident')
    .selectAll()
    .where('site', 'in', [...sites])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toIncident(row);
}

/** Who knew and did what when, of these alerts of an incident: the newest so many, oldest first. */
export async function timelineOf(
  db: Queryable,
  site: string,
  incident: string,
  alerts: readonly string[],
  limit: number,
): Promise<IncidentMoment[]> {
  const steps = await db
    .selectFrom('alert_change')
    .select(['alert', 'from_state', 'to_state', 'actor', 'at', 'reason', 'disposition'])
    .where('site', '=', site)
    .where('alert', 'in', alerts.length === 0 ? ['00000000-0000-0000-0000-000000000000'] : [...alerts])
    .where('to_state', 'is not', null)
    .orderBy('position', 'desc')
    .limit(limit)
    .execute();
  const { rows: told } = await sql<{
    at: Date;
    name: string;
    channel: string;
    kind: Extract<IncidentMoment, { kind: 'notice' }>['says'];
    state: Extract<IncidentMoment, { kind: 'notice' }>['state'];
  }>`select coalesce(notice.sent_at, notice.made_at) as at, receiver.name, notice.channel, notice.kind, notice.state
    from notice join receiver on receiver.site = notice.site and receiver.id = notice.receiver
    where notice.site = ${site} and notice.subject in (select id::text from incident where site = ${site}
      and (id = ${incident}::uuid or merged_into = ${incident}::uuid))
    order by notice.made_at desc limit ${sql.lit(limit)}`.execute(db);
  const notes = await db
    .selectFrom('incident_note')
    .select(['at', 'what', 'actor', 'text', 'other', 'alerts'])
    .where('site', '=', site)
    .where('incident', '=', incident)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  const moments: IncidentMoment[] = [
    ...steps.map(({ at, from_state: from, to_state: to, ...step }) => ({
      kind: 'step' as const,
      at: at.toISOString(),
      step: alertTransitionSchema.parse({ ...step, from, to, time: at.toISOString() }),
    })),
    ...told.map(({ at, name: receiver, kind: says, ...rest }) => ({
      ...{ kind: 'notice' as const, at: at.toISOString(), receiver, says, ...rest },
    })),
    ...notes.map(({ at, ...note }) => ({ kind: 'note' as const, at: at.toISOString(), ...note })),
  ];
  // The newest come first from the database: what is of one instant keeps its order.
  return moments
    .toReversed()
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(-limit);
}

/** The incident that an alert belongs to, and how many alerts it has. */
export async function incidentOfAlert(
  db: Queryable,
  site: string,
  alert: string,
): Promise<{ readonly id: string; readonly alerts: number } | undefined> {
  return db
    .selectFrom('incident_member as member')
    .innerJoin('incident', (join) =>
      join.onRef('incident.site', '=', 'member.site').onRef('incident.id', '=', 'member.incident'),
    )
    .select(['incident.id', 'incident.alerts'])
    .where('member.site', '=', site)
    .where('member.alert', '=', alert)
    .executeTakeFirst();
}
