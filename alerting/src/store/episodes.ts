import { sql } from 'kysely';
import type { AlertingPolicy } from '../policy.ts';
import type { Incident } from './place-risk-store.ts';
import type { Queryable } from './schema.ts';

/** An event that no alert took in, and the incident that it would be. */
export interface UnalertedEvent {
  readonly device: string;
  readonly type: string;
  readonly timeMs: number;
  readonly incident: Incident;
}

/**
 * One incident for each episode: of events of one device and kind with no longer pause between them than the
 * policy’s. Called before the events are stored.
 */
export async function episodesOf(
  tx: Queryable,
  site: string,
  events: readonly UnalertedEvent[],
  { episodePauseMs }: AlertingPolicy,
): Promise<Incident[]> {
  const lastMs = new Map<string, number>();
  const first = events
    .toSorted((a, b) => a.timeMs - b.timeMs)
    .filter(({ device, timeMs, incident }) => {
      const key = `${device} ${incident.kind}`;
      const beforeMs = lastMs.get(key);
      lastMs.set(key, timeMs);
      return beforeMs === undefined || timeMs - beforeMs > episodePauseMs;
    });
  const goesOn = await goingOn(tx, site, first, episodePauseMs);
  return first.flatMap(({ incident }, index) => (goesOn.has(index) ? [] : [incident]));
}

/** Which of these events, by their place in the list, follow a stored one of their device and type. */
async function goingOn(
  tx: Queryable,
  site: string,
  events: readonly UnalertedEvent[],
  pauseMs: number,
): Promise<ReadonlySet<number>> {
  if (events.length === 0) return new Set();
  const iso = (ms: number) => new Date(ms).toISOString();
  const wanted = events.map(({ device, type, timeMs }, index) => ({
    ...{ index, device, type, after: iso(timeMs - pauseMs), until: iso(timeMs) },
  }));
  const times = events.map(({ timeMs }) => timeMs);
  // Of each the newest alone; the outer limits keep it from being planned over every chunk.
  const { rows } = await sql<{ index: number }>`select one.index
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
      as one(index integer, device text, type text, after timestamptz, until timestamptz)
    cross join lateral (select from event where event.site = ${site} and event.device = one.device
      and event.type = one.type and event.time >= one.after and event.time <= one.until
      and event.time >= ${iso(Math.min(...times) - pauseMs)}::timestamptz
      and event.time <= ${iso(Math.max(...times))}::timestamptz
      order by event.time desc limit 1) as earlier`.execute(tx);
  return new Set(rows.map(({ index }) => index));
}
