import { wireLimits } from '@watchpost/contracts/wire';
import type { StoredEvent } from '../outbox/outbox.ts';
import { sendPolicy } from '../policy.ts';
import { makeBatch } from './batch.ts';

/** The part of the outbox that sending needs. */
export interface EventQueue {
  readonly epoch: string;
  readonly watermark: number;
  readonly lastSeq: number;
  read(after: number, limit: number, only?: 'all' | 'urgent'): StoredEvent[];
}

/**
 * Hands one message to the broker; `done` when the broker has it (PUBACK), which does not mean that the store
 * has.
 */
export type PublishEvents = (payload: string, done: () => void) => void;

export interface SenderLimits {
  /** Messages that the broker has not acknowledged. */
  readonly messages: number;
  /** Events sent in order but not covered by a receipt. */
  readonly events: number;
  /** First wait for a receipt before sending again; doubles up to `maxTimeoutMs`. */
  readonly timeoutMs: number;
  readonly maxTimeoutMs: number;
}

/**
 * Decides what of the outbox goes onto the wire and when. Everything above the watermark is sent once per
 * connection, urgent events first, and again when no receipt moves the watermark in time. Invariant: an event
 * up to `#cursor`, or urgent and up to `#urgentCursor`, was sent on this connection.
 */
export class Sender {
  readonly #queue: EventQueue;
  readonly #limits: SenderLimits;
  readonly #now: () => number;
  #publish: PublishEvents | null = null;
  #connection = 0;
  #epoch = '';
  #cursor = 0;
  #urgentCursor = 0;
  #unacknowledged = 0;
  #urgentUnacknowledged = 0;
  #timeoutMs: number;
  #waitingSince = 0;
  #seenWatermark = 0;

  constructor(queue: EventQueue, now: () => number, limits: Partial<SenderLimits> = {}) {
    this.#queue = queue;
    this.#now = now;
    this.#limits = { ...sendPolicy, ...limits };
    this.#timeoutMs = this.#limits.timeoutMs;
  }

  /**
   * An urgent event has left and the broker has not said that it has it: nothing else should be on the line.
   */
  get isUrgent(): boolean {
    return this.#urgentUnacknowledged > 0;
  }

  /** Events left on this connection that no receipt covers. */
  get waiting(): boolean {
    return this.#publish !== null && Math.max(this.#cursor, this.#urgentCursor) > this.#queue.watermark;
  }

  connected(publish: PublishEvents): void {
    this.#publish = publish;
    this.#connection++;
    this.#unacknowledged = 0;
    this.#urgentUnacknowledged = 0;
    this.#timeoutMs = this.#limits.timeoutMs;
    this.#sendAgain();
  }

  disconnected(): void {
    this.#publish = null;
    this.#connection++;
    this.#urgentUnacknowledged = 0;
  }

  /** Something was written, or the outbox began a new epoch. */
  wake(): void {
    if (this.#epoch !== this.#queue.epoch) this.#sendAgain();
    else this.#pump();
  }

  /** Call after a receipt was applied. */
  receiptApplied(): void {
    if (this.#queue.watermark !== this.#seenWatermark) {
      this.#seenWatermark = this.#queue.watermark;
      this.#waitingSince = this.#now();
      this.#timeoutMs = this.#limits.timeoutMs;
    } else if (this.waiting && this.#now() - this.#waitingSince >= this.#limits.timeoutMs) {
      // The store says where it stands, and has not what was sent a while ago: who took it may be gone.
      this.#timeoutMs = this.#limits.timeoutMs;
      this.#sendAgain();
    }
    this.wake();
  }

  /** Call now and then: sends again what no receipt has covered in time. */
  tick(): void {
    if (!this.waiting || this.#now() - this.#waitingSince < this.#timeoutMs) return;
    this.#timeoutMs = Math.min(this.#limits.maxTimeoutMs, this.#timeoutMs * 2);
    this.#sendAgain();
  }

  #sendAgain(): void {
    this.#epoch = this.#queue.epoch;
    this.#seenWatermark = this.#queue.watermark;
    this.#cursor = this.#queue.watermark;
    this.#urgentCursor = this.#queue.watermark;
    this.#waitingSince = this.#now();
    this.#pump();
  }

  #pump(): void {
    while (this.#publish && this.#unacknowledged < this.#limits.messages) {
      if (!this.#sendUrgent() && !this.#sendInOrder()) return;
    }
  }

  #sendUrgent(): boolean {
    const events = this.#queue.read(this.#urgentCursor, wireLimits.batchEvents, 'urgent');
    return this.#send(events, (lastSeq) => {
      this.#urgentCursor = lastSeq;
    });
  }

  #sendInOrder(): boolean {
    this.#cursor = Math.max(this.#cursor, this.#queue.watermark);
    const free = this.#limits.events - (this.#cursor - this.#queue.watermark);
    if (free <= 0) return false;
    const events = this.#queue.read(this.#cursor, Math.min(free, wireLimits.batchEvents));
    const last = events.at(-1);
    if (!last) return false;
    const fresh = events.filter(({ seq, urgent }) => !urgent || seq > this.#urgentCursor);
    const sent = this.#send(fresh, (lastSeq) => {
      this.#cursor = lastSeq;
    });
    if (!sent) this.#cursor = last.seq;
    return true;
  }

  /**
   * `mark` comes before the message leaves, because the broker's answer may come before `publish` returns.
   */
  #send(events: readonly StoredEvent[], mark: (lastSeq: number) => void): boolean {
    const batch = makeBatch(events, { events: wireLimits.batchEvents, bytes: wireLimits.payloadBytes });
    if (!batch || !this.#publish) return false;
    if (Math.max(this.#cursor, this.#urgentCursor) <= this.#queue.watermark) this.#waitingSince = this.#now();
    mark(batch.lastSeq);
    const connection = this.#connection;
    const urgent = events.some((event) => event.urgent) ? 1 : 0;
    this.#unacknowledged++;
    this.#urgentUnacknowledged += urgent;
    this.#publish(batch.payload, () => {
      if (connection !== this.#connection) return;
      this.#unacknowledged--;
      this.#urgentUnacknowledged -= urgent;
      this.#pump();
    });
    return true;
  }
}
