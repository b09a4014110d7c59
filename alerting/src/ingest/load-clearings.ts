import { wireLimits } from '@watchpost/contracts/wire';
import { groupClearedBy } from '../alerts/alert-subject.ts';
import { causeEnd } from '../alerts/condition-rules.ts';
import { clearingsSince } from '../store/event-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { IncomingEvent } from './ingest-batch.ts';

/**
 * When causes that an event ends were cleared after it: an alarm may come later than its clearing. One that
 * is ahead of now says nothing: its time is of before our clock was set back.
 */
export async function loadClearings(
  tx: Queryable,
  site: string,
  alarming: readonly Pick<IncomingEvent, 'event' | 'device'>[],
  nowMs: number,
): Promise<ReadonlyMap<string, string>> {
  const alarms = alarming.filter(({ event }) => causeEnd(event.type) === 'by_event');
  const [first, ...rest] = alarms.map(({ event }) => event.time);
  if (first === undefined) return new Map();
  const from = rest.reduce((earliest, time) => (time < earliest ? time : earliest), first);
  const until = new Date(nowMs + wireLimits.maxFutureMs).toISOString();
  const devices = [...new Set(alarms.map(({ device }) => device.id))];
  const clearings = await clearingsSince(tx, site, devices, from, until);
  return new Map(clearings.map(({ device, type, kind, time }) => [groupClearedBy(device, type, kind), time]));
}
