import { WatchpostError } from '@watchpost/contracts/errors';
import { parseSource } from '@watchpost/contracts/wire';
import type { NewReject } from '../store/reject-store.ts';
import type { IncomingEvent } from './ingest-batch.ts';
import { type NewId, toReject } from './to-reject.ts';

/**
 * A reject for each event of which nobody knows when it was captured: it is stored all the same, and this
 * counts and shows it.
 */
export function timeRejects(events: readonly IncomingEvent[], newId: NewId): NewReject[] {
  return events.flatMap(({ event, device, gateway, topic, receivedMs, timeUnknown }) => {
    if (!timeUnknown) return [];
    const payload = Buffer.from(JSON.stringify(event));
    const site = parseSource(event.source).site;
    const error = new WatchpostError('wire.time_implausible', { path: '/time' });
    const parsed = { name: 'up', site, gateway } as const;
    return [toReject({ topic, parsed, payload, receivedMs }, error, newId, payload, device.id)];
  });
}
