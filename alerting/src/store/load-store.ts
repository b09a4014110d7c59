import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** A site between two times, RFC 3339. */
export interface LoadPeriod {
  readonly site: string;
  readonly from: string;
  readonly until: string;
}

/**
 * When alerts that people are told of were opened: those that nobody was told of from the first are no load.
 */
export async function openingsOf(db: Queryable, { site, from, until }: LoadPeriod): Promise<number[]> {
  const { rows } = await sql<{ at: Date }>`select opened_at as at from alert where site = ${site}
    and opened_at >= ${from}::timestamptz and opened_at < ${until}::timestamptz
    and not exists (select from suppression where suppression.site = alert.site and suppression.alert = alert.id
      and suppression.since_at <= alert.opened_at)
    order by opened_at`.execute(db);
  return rows.map(({ at }) => at.getTime());
}

/** A shift as it was, without who had it but for telling people apart. */
export interface LoadShift {
  readonly rota: string;
  readonly rotaName: string;
  /** Name of the layer; null where something took its place. */
  readonly layer: string | null;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly person: string;
}

/** Shifts that overlap the period. */
export async function loadShifts(db: Queryable, { site, from, until }: LoadPeriod): Promise<LoadShift[]> {
  const rows = await db
    .selectFrom('duty_shift')
    .innerJoin('duty_rota', (join) =>
      join.onRef('duty_rota.site', '=', 'duty_shift.site').onRef('duty_rota.id', '=', 'duty_shift.rota'),
    )
    .select(['rota', 'duty_rota.name', 'cause', 'source', 'from_at', 'until_at', 'person'])
    .where('duty_shift.site', '=', site)
    .where('until_at', '>', new Date(from))
    .where('from_at', '<', new Date(until))
    .orderBy('from_at')
    .execute();
  return rows.map(({ rota, name, cause, source, from_at, until_at, person }) => ({
    ...{ rota, rotaName: name, layer: cause === 'rotation' ? source : null, person },
    ...{ fromMs: from_at.getTime(), untilMs: until_at.getTime() },
  }));
}

/** A device and the alerts that it made. */
export interface LoadSource {
  readonly device: string;
  readonly zone: string;
  readonly alerts: number;
}

/** Devices with the most alerts that were opened in the period; `chatterPerMinute`: of those that chatter. */
export async function loadSources(
  db: Queryable,
  { site, from, until }: LoadPeriod,
  { limit, chatterPerMinute }: { readonly limit: number; readonly chatterPerMinute?: number },
): Promise<LoadSource[]> {
  const chatters =
    chatterPerMinute === undefined
      ? sql``
      : sql`and event_count >= ${chatterPerMinute} and event_count >= ${chatterPerMinute}
        * greatest(1, extract(epoch from last_event_at - opened_at) / 60)`;
  const { rows } =
    await sql<LoadSource>`select device, min(zone) as zone, count(*)::integer as alerts from alert
    where site = ${site} and opened_at >= ${from}::timestamptz and opened_at < ${until}::timestamptz ${chatters}
    group by device order by alerts desc, device limit ${sql.lit(limit)}`.execute(db);
  return rows;
}

/** Unresolved alerts of before a time, the device with the most first. */
export async function staleSources(
  db: Queryable,
  site: string,
  before: string,
): Promise<{ readonly oldestAt: Date | null; readonly sources: readonly LoadSource[] }> {
  const { rows } = await sql<LoadSource & { readonly oldest: Date }>`select device, min(zone) as zone,
      count(*)::integer as alerts, min(opened_at) as oldest from alert
    where site = ${site} and state in ('open', 'acknowledged', 'in_progress')
      and opened_at < ${before}::timestamptz
    group by device order by alerts desc, device`.execute(db);
  const [oldestAt = null] = rows
    .map(({ oldest }) => oldest)
    .sort((one, other) => one.getTime() - other.getTime());
  return { oldestAt, sources: rows.map(({ device, zone, alerts }) => ({ device, zone, alerts })) };
}

/** How long something took. */
export interface LoadDurations {
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
  readonly count: number;
  readonly never: number;
}

/** From the opening of alerts of the period to the first step of people that led to one of these states. */
export async function loadDurations(
  db: Queryable,
  { site, from, until }: LoadPeriod,
  states: readonly string[],
): Promise<LoadDurations> {
  const { rows } = await sql<LoadDurations>`with one as (
      select extract(epoch from (select min(change.at) from alert_change as change where change.site = alert.site
        and change.alert = alert.id and change.to_state is not null and change.to_state in (${sql.join(states)}))
        - opened_at) as seconds
      from alert where site = ${site} and opened_at >= ${from}::timestamptz and opened_at < ${until}::timestamptz
    ) select round((percentile_cont(0.5) within group (order by seconds))::numeric, 1)::float as "medianSeconds",
      round((percentile_cont(0.9) within group (order by seconds))::numeric, 1)::float as "p90Seconds",
      count(seconds)::integer as count, (count(*) - count(seconds))::integer as never from one`.execute(db);
  return rows[0] ?? { medianSeconds: null, p90Seconds: null, count: 0, never: 0 };
}
