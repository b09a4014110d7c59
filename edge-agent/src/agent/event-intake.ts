import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import { eventDataSchemas, parseWith } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { DeviceHealthRecord } from '../devices/device-health.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import type { Outbox } from '../outbox/outbox.ts';

export interface EventIntakeOptions {
  readonly outbox: Pick<Outbox, 'append'>;
  /** Takes events while the disk under the outbox does not; in memory. */
  readonly overflow?: Pick<Outbox, 'append'> | undefined;
  readonly log: Logger;
  /** Called when an event is kept. */
  onStored(): void;
}

/**
 * The one door into the outbox: checks an event against the contract, so that none can jam the queue, and
 * writes it.
 */
export class EventIntake {
  readonly #options: EventIntakeOptions;
  readonly #saidFull = new Set<string>();

  constructor(options: EventIntakeOptions) {
    this.#options = options;
  }

  /** Never throws: what cannot be stored is counted at its device and logged without its content. */
  take(draft: EventDraft, health: DeviceHealthRecord): void {
    const { outbox, log, onStored } = this.#options;
    try {
      parseWith(eventDataSchemas[draft.type], draft.data, 'wire.schema', '/data');
      const { seq } = this.#append(draft, outbox);
      this.#saidFull.delete(health.device);
      log.debug({ device: health.device, type: draft.type, seq }, 'event stored');
      onStored();
    } catch (error) {
      const code: ErrorCode = error instanceof WatchpostError ? error.code : 'config.data_folder';
      health.unreadable(code);
      // A full outbox is said once per device, not once per event; the number of refused events is in the
      // outbox.
      if (code === 'edge.outbox_full' && this.#saidFull.has(health.device)) return;
      if (code === 'edge.outbox_full') this.#saidFull.add(health.device);
      const { message } = error as Error;
      log.error({ device: health.device, type: draft.type, code, err: message }, 'event not stored');
    }
  }

  #append(draft: EventDraft, outbox: Pick<Outbox, 'append'>): { readonly seq: number } {
    try {
      return outbox.append(draft);
    } catch (error) {
      const { overflow } = this.#options;
      const code = error instanceof WatchpostError ? error.code : undefined;
      if (!overflow || (code !== 'edge.disk_full' && code !== 'edge.disk_unwritable')) throw error;
      return overflow.append(draft);
    }
  }
}
