import {
  type Alert,
  type AlertEventType,
  type AlertState,
  type Disposition,
  type Severity,
  type Suppression,
  severities,
} from '@watchpost/contracts/alert';
import { type AlertCounts, type AlertOrder, alertCountsSchema } from '@watchpost/contracts/api';
import { type Selectable, sql } from 'kysely';
import { foundToSay, isHistory, says } from './alert-search.ts';
import { toAlert } from './alert-store.ts';
import { historyPolicy } from './policy.ts';
import type { Database, Queryable } from './schema.ts';
import { isUnseenBy, type SeenBy } from './seen-store.ts';

/** Where a page of alerts ends: the next one begins after this alert. */
export type AlertPosition =
  | {
      readonly order: 'urgency';
      readonly severity: Severity;
      readonly score: number;
      readonly openedAt: string;
      readonly id: string;
    }
  | { readonly order: 'newest'; readonly updatedAt: string; readonly id: string };

/** Zones of sites; a site without an entry is meant as a whole. */
export type ZonesBySite = Readonly<Record<string, readonly string[]>>;

/** Which alerts, whatever the page. */
export interface AlertFilter {
  readonly sites: readonly string[];
  /** Of sites where not all zones are meant: only alerts of these. */
  readonly within?: ZonesBySite | undefined;
  readonly states: readonly AlertState[];
  readonly severity?: Severity | undefined;
  readonly zone?: string | undefined;
  readonly device?: string | undefined;
  /** Only those of which nobody is told (`yes`), or only the others. */
  readonly suppressed?: 'yes' | 'no' | undefined;
  /** Only what is new to this person. */
  readonly unseenBy?: SeenBy | undefined;
  readonly type?: AlertEventType | undefined;
  readonly disposition?: Disposition | undefined;
  /** A text that a note of an officer or a detail of the event contains, whatever the case. */
  readonly search?: string | undefined;
  /** RFC 3339: opened, or in the order `newest` done, from here on … */
  readonly from?: string | undefined;
  /** … and before this. */
  readonly until?: string | undefined;
  readonly order?: AlertOrder | undefined;
}

/** A page of alerts: which, in what order, after which one. */
export interface AlertList extends AlertFilter {
  readonly order: AlertOrder;
  readonly after?: AlertPosition | undefined;
  readonly limit: number;
}

/** `severity_order` of the database: 0 is the worst. */
const severityOrder = (severity: Severity): number => severities.length - 1 - severities.indexOf(severity);
const severityAt = (order: number): Severity => severities[severities.length - 1 - order] ?? 'low';

/** The position of an alert in an order. */
export function positionOf(alert: Alert, order: AlertOrder): AlertPosition {
  const { id, severity, openedAt, updatedAt } = alert;
  if (order === 'newest') return { order, updatedAt, id };
  return { order, severity, score: alert.risk.score, openedAt, id };
}

/**
 * The states as the partial indexes name them: the planner compares a query with an index's condition before
 * it knows the values of parameters.
 */
function inStates(states: readonly AlertState[]) {
  return sql<boolean>`state in (${sql.join(states.map((state) => sql.lit(state)))})`;
}

/** Of one site, so that its indexes give the order. */
function filtered(db: Queryable, site: string, filter: AlertFilter) {
  const { states, severity, zone, device, type, disposition, search, from, until, suppressed } = filter;
  const at = filter.order === 'newest' ? 'done_at' : 'opened_at';
  const zones = filter.within?.[site];
  let query = db.selectFrom('alert').where('site', '=', site).where(inStates(states));
  if (severity) query = query.where('severity_order', '=', severityOrder(severity));
  if (zones !== undefined) query = query.where('zone', 'in', zones);
  if (zone !== undefined) query = query.where('zone', '=', zone);
  if (device !== undefined) query = query.where('device', '=', device);
  if (type !== undefined) query = query.where('event_type', '=', type);
  if (disposition !== undefined) query = query.where('disposition', '=', disposition);
  if (from !== undefined) query = query.where(sql<boolean>`${sql.ref(at)} >= ${from}::timestamptz`);
  if (until !== undefined) query = query.where(sql<boolean>`${sql.ref(at)} < ${until}::timestamptz`);
  if (search !== undefined) query = query.where(says(search));
  if (filter.unseenBy) query = query.where(isUnseenBy(filter.unseenBy));
  if (suppressed) query = query.where('suppressed', suppressed === 'yes' ? 'is not' : 'is', null);
  return query;
}

function isAfter(position: AlertPosition) {
  if (position.order === 'newest') {
    const { updatedAt, id } = position;
    return sql<boolean>`(done_at, id) < (${updatedAt}::timestamptz, ${id}::uuid)`;
  }
  const { severity, score, openedAt, id } = position;
  return sql<boolean>`(severity_order, score_order, opened_at, id) >
    (${severityOrder(severity)}::smallint, ${-score}::double precision, ${openedAt}::timestamptz, ${id}::uuid)`;
}

/**
 * One page over all sites asked for: `urgency` is worst severity, highest score, opened first, id; `newest`
 * (of done ones) is done last, id.
 */
export async function listAlerts(db: Queryable, list: AlertList): Promise<Alert[]> {
  const pages = await Promise.all(list.sites.map((site) => listOf(db, site, list)));
  const [only, ...others] = pages;
  if (only && others.length === 0) return only;
  return pages
    .flat()
    .sort(list.order === 'newest' ? byNewest : byUrgency)
    .slice(0, list.limit);
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const byUrgency = (a: Alert, b: Alert): number =>
  severityOrder(a.severity) - severityOrder(b.severity) ||
  b.risk.score - a.risk.score ||
  byText(a.openedAt, b.openedAt) ||
  byText(a.id, b.id);
const byNewest = (a: Alert, b: Alert): number => byText(b.updatedAt, a.updatedAt) || byText(b.id, a.id);

async function listOf(db: Queryable, site: string, list: AlertList): Promise<Alert[]> {
  const { search, states } = list;
  if (search === undefined || !isHistory(states)) return rowsIn(db, site, list);
  // What many say is found among the newest; what few say is found by an index, which many would make long.
  const newest = await rowsIn(db, site, list, historyPolicy.readAtMost);
  if (newest.length >= list.limit) return newest;
  return rowsIn(db, site, list, 'by index');
}

/** A page of a site; where a text is looked for, in so many alerts at most, or by the indexes of texts. */
async function rowsIn(
  db: Queryable,
  site: string,
  list: AlertList,
  reading?: number | 'by index',
): Promise<Alert[]> {
  const { search, ...others } = list;
  const isByIndex = reading === 'by index' && search !== undefined;
  let query = filtered(db, site, reading === undefined ? list : others).selectAll();
  if (isByIndex) query = query.where(foundToSay(site, search));
  if (list.after) query = query.where(isAfter(list.after));
  const order = list.order === 'newest' ? newestFirst : mostUrgentFirst;
  if (typeof reading !== 'number' || search === undefined)
    return (await query.orderBy(order).limit(list.limit).execute()).map(toAlert);
  const { rows } = await sql<Selectable<Database['alert']>>`select *
    from (${query.orderBy(order).limit(reading)}) as alert
    where ${says(search)} order by ${order} limit ${sql.lit(list.limit)}`.execute(db);
  return rows.map(toAlert);
}

const newestFirst = sql`done_at desc, id desc`;
const mostUrgentFirst = sql`severity_order, score_order, opened_at, id`;

/** How many alerts match on all pages together. Reads every one of them: not for closed ones. */
export async function countMatches(db: Queryable, filter: AlertFilter): Promise<number> {
  const counts = await Promise.all(
    filter.sites.map(async (site) => {
      const row = await filtered(db, site, filter)
        .select((eb) => eb.fn.countAll<number>().as('alerts'))
        .executeTakeFirst();
      return Number(row?.alerts ?? 0);
    }),
  );
  return counts.reduce((all, count) => all + count, 0);
}

const none = (): Record<Severity, number> => ({ low: 0, medium: 0, high: 0, critical: 0 });

/**
 * Counts what is not closed on a site, or in some of its zones. Of a whole site it reads one index of these,
 * not the alerts.
 */
export async function countAlerts(
  db: Queryable,
  site: string,
  zones?: readonly string[],
): Promise<AlertCounts> {
  let query = db
    .selectFrom('alert')
    .select(['severity_order', 'state', (eb) => eb.fn.countAll<number>().as('alerts')])
    .where('site', '=', site)
    .where(sql<boolean>`state <> 'closed'`)
    .groupBy(['severity_order', 'state']);
  if (zones) query = query.where('zone', 'in', zones);
  const rows = await query.execute();
  const bySeverity = none();
  const waiting = none();
  const byState = { open: 0, acknowledged: 0, in_progress: 0, resolved: 0 };
  for (const { severity_order, state, alerts } of rows) {
    const severity = severityAt(severity_order);
    bySeverity[severity] += Number(alerts);
    if (state !== 'closed') byState[state] += Number(alerts);
    if (state === 'open') waiting[severity] += Number(alerts);
  }
  const quiet = { silence: 0, inhibition: 0, flapping: 0, snooze: 0 };
  const quietRows = await quietOnes(db, site, zones);
  for (const { severity_order, open, kind, alerts } of quietRows) {
    if (open) waiting[severityAt(severity_order)] -= alerts;
    quiet[kind] += alerts;
  }
  const devices = await devicesOf(db, site, zones);
  const counts = { bySeverity, byState, waiting, devices };
  return alertCountsSchema.parse(quietRows.length > 0 ? { ...counts, quiet } : counts);
}

/** Unresolved alerts of which nobody is told, by severity, with the first reason: few, with an index. */
async function quietOnes(db: Queryable, site: string, zones?: readonly string[]) {
  const { rows } = await sql<{
    severity_order: number;
    open: boolean;
    kind: Suppression['kind'];
    alerts: number;
  }>`select severity_order, state = 'open' as open, suppressed -> 0 ->> 'kind' as kind,
      count(*)::integer as alerts from alert
    where site = ${site} and state in ('open', 'acknowledged', 'in_progress') and suppressed is not null
      ${zones ? sql`and zone = any(${sql.val(zones)}::text[])` : sql``}
    group by 1, 2, 3`.execute(db);
  return rows;
}

/**
 * Where something is unresolved: the alert to look at first (one that nobody took before others), and the
 * worst untaken.
 */
async function devicesOf(db: Queryable, site: string, zones?: readonly string[]) {
  const { rows } = await sql<{ device: string; alert: string; waiting: number | null; open: number }>`
    select device, count(*) filter (where state = 'open') as open,
      (array_agg(id order by (state <> 'open'), severity_order, score_order, opened_at, id))[1] as alert,
      min(severity_order) filter (where state = 'open' and suppressed is null) as waiting
    from alert
    where site = ${site} and state <> 'closed' and state <> 'resolved'
      ${zones ? sql`and zone = any(${sql.val(zones)}::text[])` : sql``}
    group by device order by device`.execute(db);
  return rows.map(({ device, alert, waiting, open }) => ({
    site,
    device,
    alert,
    waiting: waiting === null ? null : severityAt(waiting),
    open: Number(open),
  }));
}
