import { epochSchema, type StoredEvent, sourceOf } from '@watchpost/contracts/wire';
import type { IncomingEvent } from '../ingest/ingest-batch.ts';
import type { EventPlace } from '../places/event-place.ts';
import { systemGateway } from './loss-finding.ts';

/** What {@link SystemEvents} needs. */
export interface SystemEventsOptions {
  readonly site: string;
  readonly newId: () => string;
  readonly nowMs: () => number;
}

/**
 * Makes events of what alerting finds out, as if it were a gateway: with an epoch of this run and positions
 * that count up, so that they are stored, scored and turned into alerts like any other.
 */
export class SystemEvents {
  readonly #options: SystemEventsOptions;
  readonly #epoch: StoredEvent['epoch'];
  #seq = 0;

  constructor(options: SystemEventsOptions) {
    this.#options = options;
    this.#epoch = epochSchema.parse(options.newId().replaceAll('-', ''));
  }

  /** The event of a finding, as of now. */
  make({
    type,
    data,
    place,
  }: {
    readonly type: StoredEvent['type'];
    readonly data: object;
    readonly place: EventPlace;
  }): IncomingEvent {
    const { site, newId, nowMs } = this.#options;
    this.#seq += 1;
    const receivedMs = nowMs();
    const event = {
      specversion: '1.0',
      id: newId(),
      source: sourceOf(site, place.id),
      type,
      time: new Date(receivedMs).toISOString(),
      subject: place.zone,
      data,
      gateway: systemGateway,
      epoch: this.#epoch,
      seq: this.#seq,
    } as StoredEvent;
    return { event, gateway: systemGateway, device: place, topic: '', receivedMs, late: false };
  }
}
