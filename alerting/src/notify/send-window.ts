/** How many messages a service takes from one sender. */
export interface SendLimit {
  readonly messages: number;
  readonly windowMs: number;
  /** Of these, so many are kept for what is critical. */
  readonly reserved: number;
}

/**
 * Keeps senders within what a service documents, before it answers with a punishment. What it counts is of
 * this process alone: what others send besides shows in the answers of the service.
 */
export class SendWindow {
  readonly #limit: SendLimit;
  readonly #monotonicMs: () => number;
  readonly #sent = new Map<string, number[]>();

  constructor(limit: SendLimit, monotonicMs: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#monotonicMs = monotonicMs;
  }

  /** Counts a message of `sender`; milliseconds to wait where it may not be sent now, else 0. */
  take(sender: string, isCritical: boolean): number {
    const { messages, windowMs, reserved } = this.#limit;
    const nowMs = this.#monotonicMs();
    const recent = (this.#sent.get(sender) ?? []).filter((sentMs) => nowMs - sentMs < windowMs);
    this.#sent.set(sender, recent);
    const atMost = isCritical ? messages : messages - reserved;
    const before = recent[recent.length - atMost];
    if (before !== undefined) return Math.ceil(before + windowMs - nowMs);
    recent.push(nowMs);
    return 0;
  }
}
