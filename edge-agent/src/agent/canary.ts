import { canaryType, type GatewayId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { Outbox } from '../outbox/outbox.ts';
import { canaryPolicy } from '../policy.ts';
import { agentVersion } from '../version.ts';

type CanaryOutbox = Pick<Outbox, 'append' | 'epoch' | 'watermark'>;

/** What {@link CanarySender} needs. */
export interface CanarySenderOptions {
  readonly gateway: GatewayId;
  /** Where it is written; the first that takes it. */
  readonly outboxes: readonly CanaryOutbox[];
  /** Site time, milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  readonly log: Logger;
  /** Called when one is kept. */
  readonly onStored: () => void;
}

/**
 * Sends a canary now and then by the way of every event, so that the server sees that the way is whole. One
 * waits at most: a gateway that is offline for days brings one, and a stretch without a receipt none.
 */
export class CanarySender {
  readonly #options: CanarySenderOptions;
  #everyMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #last: { readonly outbox: CanaryOutbox; readonly epoch: string; readonly seq: number } | undefined;

  constructor(options: CanarySenderOptions) {
    this.#options = options;
  }

  /** The server tells how often; undefined: not at all. */
  apply(told: { readonly everyMs: number } | undefined): void {
    if (told?.everyMs === this.#everyMs) return;
    clearTimeout(this.#timer);
    this.#everyMs = told?.everyMs;
    if (told) this.#wait(Math.min(told.everyMs, canaryPolicy.firstAfterMs), told.everyMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(ms: number, everyMs: number): void {
    this.#timer = setTimeout(() => {
      this.#wait(everyMs, everyMs);
      if (!this.#isWaiting) this.#send(everyMs);
    }, ms);
  }

  get #isWaiting(): boolean {
    const last = this.#last;
    return last !== undefined && last.outbox.epoch === last.epoch && last.seq > last.outbox.watermark;
  }

  #send(everyMs: number): void {
    const { gateway, outboxes, nowMs, log, onStored } = this.#options;
    const data = { everyMs, version: agentVersion };
    for (const outbox of outboxes)
      try {
        const { seq } = outbox.append({ type: canaryType, device: gateway, capturedAtMs: nowMs(), data });
        this.#last = { outbox, epoch: outbox.epoch, seq };
        onStored();
        return;
      } catch (err) {
        log.debug({ err }, 'canary not stored');
      }
  }
}
