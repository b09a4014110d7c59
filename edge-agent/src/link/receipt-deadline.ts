/** How long a gateway waits for receipts. */
export interface ReceiptLimits {
  /** First wait, milliseconds. */
  readonly withinMs: number;
  /** The wait doubles with each connection that brought no receipt, up to this, milliseconds. */
  readonly atMostMs: number;
}

/**
 * Notices that events left and no receipt comes, although the broker takes everything. Counts the ticks of
 * its owner, so that a process that stalled reads what came in before it judges.
 */
export class ReceiptDeadline {
  readonly #limits: ReceiptLimits;
  #waitMs: number;
  #waitedMs = 0;

  constructor(limits: ReceiptLimits) {
    this.#limits = limits;
    this.#waitMs = limits.withinMs;
  }

  /** The next connection waits anew. */
  disconnected(): void {
    this.#waitedMs = 0;
  }

  /** A receipt moved the watermark. */
  progressed(): void {
    this.#waitedMs = 0;
    this.#waitMs = this.#limits.withinMs;
  }

  /**
   * Time went by, with or without events that no receipt covers. Gives the wait in milliseconds when it is
   * over.
   */
  tick(elapsedMs: number, waiting: boolean): number | undefined {
    this.#waitedMs = waiting ? this.#waitedMs + elapsedMs : 0;
    if (this.#waitedMs < this.#waitMs) return undefined;
    const overdueMs = this.#waitMs;
    this.#waitedMs = 0;
    this.#waitMs = Math.min(this.#limits.atMostMs, this.#waitMs * 2);
    return overdueMs;
  }
}
