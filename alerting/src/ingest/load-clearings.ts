import { groupClearedBy } from '../domain/alert-subject.ts';
import { causeEnd } from '../domain/condition-rules.ts';
import { clearingsSince } from '../store/event-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { IncomingEvent } from './work.ts';

/** When causes that an event ends were cleared after it: an alarm may come later than its clearing. */
export async function loadClearings(
  tx: Queryable,
  site: string,
  alarming: readonly Pick<IncomingEvent, 'event' | 'device'>[],
): Promise<ReadonlyMap<string, string>> {
  const alarms = alarming.filter(({ event }) => causeEnd(event.type) === 'by_event');
  const [first, ...rest] = alarms.map(({ event }) => event.time);
  if (first === undefined) return new Map();
  const from = rest.reduce((earliest, time) => (time < earliest ? time : earliest), first);
  const devices = [...new Set(alarms.map(({ device }) => device.id))];
  const clearings = await clearingsSince(tx, site, devices, from);
  return new Map(clearings.map(({ device, type, kind, time }) => [groupClearedBy(device, type, kind), time]));
}
