import type { IncomingEvent } from '../ingest/ingest-batch.ts';
import type { LateKind } from '../store/late-digest-store.ts';

/** Ends of what was told before are no news of their own. */
const isEnd = (type: string): boolean => type.endsWith('.cleared.v1');

/** Under which name the text of its kind stands. */
function termOf({ event }: IncomingEvent): string {
  return event.type === 'watchpost.sensor.alarm.v1' ? `alarm.${event.data.kind}` : `event.${event.type}`;
}

/** What of a commit came too late to alert, by gateway and kind. */
export function lateKindsOf(events: readonly IncomingEvent[]): LateKind[] {
  const kinds = new Map<string, LateKind>();
  for (const one of events) {
    if (!one.late || isEnd(one.event.type)) continue;
    const { gateway, event, receivedMs } = one;
    const term = termOf(one);
    const came = new Date(receivedMs).toISOString();
    const key = `${gateway} ${term}`;
    const known = kinds.get(key);
    kinds.set(key, {
      ...{ gateway, term, events: (known?.events ?? 0) + 1 },
      firstAt: known && known.firstAt < event.time ? known.firstAt : event.time,
      cameFirst: known && known.cameFirst < came ? known.cameFirst : came,
      cameLast: known && known.cameLast > came ? known.cameLast : came,
    });
  }
  return [...kinds.values()];
}
