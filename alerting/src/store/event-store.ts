import type { Alert, Risk } from '@watchpost/contracts/alert';
import { parseSource, type StoredEvent } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import type { StoredContext } from '../risk/risk-context.ts';
import { countByHour } from './event-hours.ts';
import { insertOf } from './json-rows.ts';
import { noteDays } from './position-store.ts';
import type { Queryable } from './schema.ts';

/** An event that is about to be stored, with what was decided about it. */
export interface ScoredEvent {
  readonly event: StoredEvent;
  readonly gateway: string;
  readonly receivedAt: string;
  readonly risk: Risk;
  /** What was known around it. */
  readonly around?: StoredContext;
  readonly concern: string;
  readonly late: boolean;
  /** See `event.clock_offset_ms`. */
  readonly clockOffsetMs?: number | undefined;
  readonly alert: Alert['id'] | null;
}

/** Stores events. The caller made sure that none of them was handled before. */
export async function insertEvents(tx: Queryable, events: readonly ScoredEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((scored) => {
    const { event, gateway, receivedAt, risk, around, concern, late, clockOffsetMs, alert } = scored;
    const { site, device } = parseSource(event.source);
    return {
      time: event.time,
      received_at: receivedAt,
      id: event.id,
      site,
      gateway,
      epoch: event.epoch,
      seq: event.seq,
      device,
      zone: event.subject,
      type: event.type,
      concern,
      data: event.data,
      risk: risk.score,
      risk_factors: risk.factors,
      rule_set: risk.ruleSet,
      risk_context: around ?? null,
      late,
      clock_offset_ms: clockOffsetMs ?? null,
      alert,
      traceparent: event.traceparent ?? null,
    };
  });
  // Together: each answer that a commit waits for keeps everybody waiting who is told of it.
  await sql`with days as (${noteDays(rows)}), hours as (${countByHour(rows)})
    ${insertOf('event', rows, sql`on conflict do nothing`)}`.execute(tx);
}

/** An event that may have been delivered under another epoch than this. */
export interface PerhapsStored {
  readonly gateway: string;
  readonly epoch: string;
  readonly event: Pick<StoredEvent, 'id' | 'time'>;
}

/** Names an event of a gateway. */
export const eventName = (gateway: string, { id }: { readonly id: string }): string =>
  `${gateway} ${id.toLowerCase()}`;

/** Those that their gateway delivered before under another epoch, by {@link eventName}. */
export async function storedUnderOtherEpoch(
  tx: Queryable,
  site: string,
  events: readonly PerhapsStored[],
): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const wanted = events.map(({ gateway, epoch, event: { id, time } }) => ({ gateway, epoch, id, time }));
  const times = wanted.map(({ time }) => Date.parse(time));
  // Without the limits it would be planned over every chunk.
  const [from, to] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
  const { rows } = await sql<{ gateway: string; id: string }>`select event.gateway, event.id
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
      as one(gateway text, epoch text, id uuid, time timestamptz)
    join event on event.site = ${site} and event.gateway = one.gateway and event.time = one.time
      and event.id = one.id and event.epoch <> one.epoch
    where event.time >= ${from.toISOString()}::timestamptz and event.time <= ${to.toISOString()}::timestamptz`.execute(
    tx,
  );
  return new Set(rows.map((row) => eventName(row.gateway, row)));
}

/** A stored event as far as corroboration needs it. */
export interface NearbyEvent {
  readonly device: string;
  readonly zone: string;
  readonly concern: string;
  readonly timeMs: number;
}

/** Events that have a concern, captured between two times, newest first, at most `limit`. */
export async function concerningEvents(
  tx: Queryable,
  site: string,
  from: string,
  to: string,
  limit: number,
): Promise<NearbyEvent[]> {
  const rows = await tx
    .selectFrom('event')
    .select(['device', 'zone', 'concern', 'time'])
    .where('site', '=', site)
    .where('concern', '<>', 'none')
    .where('time', '>=', new Date(from))
    .where('time', '<=', new Date(to))
    .orderBy('time', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ time, ...row }) => ({ ...row, timeMs: time.getTime() }));
}

const clearingTypes = ['watchpost.sensor.cleared.v1', 'watchpost.tamper.cleared.v1'] as const;

/** A device that was cleared of one kind of alarm. */
export interface Clearing {
  readonly device: string;
  readonly type: (typeof clearingTypes)[number];
  readonly kind: string;
  readonly time: string;
}

/** The newest clearing of each kind that these devices captured at `from` or later, up to `until`. */
export async function clearingsSince(
  tx: Queryable,
  site: string,
  devices: readonly string[],
  from: string,
  until: string,
): Promise<Clearing[]> {
  if (devices.length === 0) return [];
  const kind = sql<string>`data ->> 'kind'`;
  const rows = await tx
    .selectFrom('event')
    .select((eb) => ['device', 'type', kind.as('kind'), eb.fn.max('time').as('time')])
    .where('site', '=', site)
    .where('device', 'in', devices)
    .where('type', 'in', clearingTypes)
    .where('time', '>=', new Date(from))
    .where('time', '<=', new Date(until))
    .groupBy(['device', 'type', kind])
    .execute();
  return rows.map(({ time, type, ...row }) => ({
    ...row,
    type: type as Clearing['type'],
    time: new Date(time).toISOString(),
  }));
}

/** Makes the hourly aggregate of all events, where it is materialised: rows were copied in. */
export async function refreshAllHours(db: Queryable): Promise<void> {
  await sql`call refresh_continuous_aggregate('event_hourly', null, null)`.execute(db);
}

/** Brings the hourly aggregate up to date for a window of late events, where it is materialised. */
export async function refreshHourly(db: Queryable, from: string, to: string): Promise<void> {
  await sql`call refresh_continuous_aggregate('event_hourly',
    ${sql.lit(from)}::timestamptz, ${sql.lit(to)}::timestamptz)`.execute(db);
}
