import { sql } from 'kysely';
import { insertOf } from './json-rows.ts';

/** What the count by hours needs of an event; `time` is RFC 3339. */
export interface CountedEvent {
  readonly site: string;
  readonly time: string;
  readonly gateway: string;
  readonly zone: string;
  readonly type: string;
}

const hourMs = 3_600_000;

/**
 * The statement that adds events to the counts of their hours. Runs in the transaction that stores them, so
 * each counts once, however late it comes.
 */
export function countByHour(events: readonly CountedEvent[]) {
  const counts = new Map<string, Omit<CountedEvent, 'time'> & { bucket: string; events: number }>();
  for (const { site, time, gateway, zone, type } of events) {
    const bucket = new Date(Math.floor(Date.parse(time) / hourMs) * hourMs).toISOString();
    const key = `${site} ${bucket} ${gateway} ${zone} ${type}`;
    const known = counts.get(key) ?? { site, bucket, gateway, zone, type, events: 0 };
    known.events += 1;
    counts.set(key, known);
  }
  // In one order everywhere, so that two commits never wait for each other.
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return insertOf(
    'event_hour',
    rows,
    sql`on conflict (site, bucket, gateway, zone, type) do update set events = event_hour.events + excluded.events`,
  );
}
