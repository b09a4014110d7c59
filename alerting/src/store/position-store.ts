import { sql } from 'kysely';
import { insertOf } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** Names one life of one gateway's outbox. */
export interface EpochKey {
  readonly site: string;
  readonly gateway: string;
  readonly epoch: string;
}

/** A position and when the event at it was captured, RFC 3339. */
export interface TimedPosition {
  readonly seq: number;
  readonly time: string;
}

const dayMs = 86_400_000;
const dayOf = (time: string): string => new Date(time).toISOString().slice(0, 10);

/**
 * The statement that notes on which days positions were captured. Runs in the transaction that stores their
 * events.
 */
export function noteDays(positions: readonly (EpochKey & TimedPosition)[]) {
  const days = new Map<string, EpochKey & { day: string; first_seq: number; last_seq: number }>();
  for (const { site, gateway, epoch, seq, time } of positions) {
    const day = dayOf(time);
    const key = `${site} ${gateway} ${epoch} ${day}`;
    const known = days.get(key) ?? { site, gateway, epoch, day, first_seq: seq, last_seq: seq };
    known.first_seq = Math.min(known.first_seq, seq);
    known.last_seq = Math.max(known.last_seq, seq);
    days.set(key, known);
  }
  // In one order everywhere, so that two commits never wait for each other.
  const rows = [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return insertOf(
    'gateway_day',
    rows,
    sql`on conflict (site, gateway, epoch, day) do update set
      first_seq = least(gateway_day.first_seq, excluded.first_seq),
      last_seq = greatest(gateway_day.last_seq, excluded.last_seq)
      where excluded.first_seq < gateway_day.first_seq or excluded.last_seq > gateway_day.last_seq`,
  );
}

async function idsWithin(
  tx: Queryable,
  key: EpochKey,
  seqs: readonly number[],
  from: Date,
  to: Date,
): Promise<readonly (readonly [number, string])[]> {
  const rows = await tx
    .selectFrom('event')
    .select(['seq', 'id'])
    .where('site', '=', key.site)
    .where('gateway', '=', key.gateway)
    .where('epoch', '=', key.epoch)
    .where('seq', 'in', seqs)
    .where('time', '>=', from)
    .where('time', '<=', to)
    .execute();
  return rows.map(({ seq, id }) => [seq, id]);
}

/** The days on which the events at these positions may have been captured, newest first. */
async function daysOf(tx: Queryable, key: EpochKey, seqs: readonly number[]): Promise<readonly number[]> {
  const { rows } = await sql<{ day: string }>`select distinct day::text as day from gateway_day
    join jsonb_array_elements_text(${JSON.stringify(seqs)}::jsonb) as wanted(seq)
      on wanted.seq::bigint between first_seq and last_seq
    where site = ${key.site} and gateway = ${key.gateway} and epoch = ${key.epoch}
    order by day desc`.execute(tx);
  return rows.map(({ day }) => Date.parse(`${day}T00:00:00Z`));
}

/**
 * Ids of stored events by position, to tell a repeat from another event that claims the same position. A true
 * repeat has the time of the stored event; for the others the days of their positions are looked through,
 * whatever time the event carries, so that no lookup is planned over more chunks than hold the positions.
 */
export async function storedIds(
  tx: Queryable,
  key: EpochKey,
  repeats: readonly TimedPosition[],
): Promise<Map<number, string>> {
  if (repeats.length === 0) return new Map();
  const times = repeats.map(({ time }) => Date.parse(time));
  const seqs = [...new Set(repeats.map(({ seq }) => seq))];
  const [from, to] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
  const ids = new Map(await idsWithin(tx, key, seqs, from, to));
  let missing = seqs.filter((seq) => !ids.has(seq));
  if (missing.length === 0) return ids;
  for (const dayStartMs of await daysOf(tx, key, missing)) {
    const [start, end] = [new Date(dayStartMs), new Date(dayStartMs + dayMs - 1)];
    for (const [seq, id] of await idsWithin(tx, key, missing, start, end)) ids.set(seq, id);
    missing = missing.filter((seq) => !ids.has(seq));
    if (missing.length === 0) break;
  }
  return ids;
}
