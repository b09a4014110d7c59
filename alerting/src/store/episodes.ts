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
  const incidents: Incident[] = [];
  for (const { device, type, timeMs, incident } of [...events].sort((a, b) => a.timeMs - b.timeMs)) {
    const key = `${device} ${incident.kind}`;
    const beforeMs = lastMs.get(key);
    lastMs.set(key, timeMs);
    if (beforeMs !== undefined && timeMs - beforeMs <= episodePauseMs) continue;
    const earlier = await tx
      .selectFrom('event')
      .select('id')
      .where('site', '=', site)
      .where('device', '=', device)
      .where('type', '=', type)
      .where('time', '>=', new Date(timeMs - episodePauseMs))
      .where('time', '<=', new Date(timeMs))
      .limit(1)
      .executeTakeFirst();
    if (!earlier) incidents.push(incident);
  }
  return incidents;
}
