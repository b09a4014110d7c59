/**
 * Gateway clock minus server clock, from receipts. A receipt is always seen later than it was made, so each sample is the offset plus a
 * delay; the smallest of the last samples has the least delay (as in NTP's clock filter, RFC 5905 §10).
 */
export class ClockOffset {
  readonly #samples: number[] = [];

  /** @param localMs when the receipt arrived, by our clock; @param serverMs when it was made, by the server's. */
  observe(localMs: number, serverMs: number): void {
    if (!Number.isFinite(localMs) || !Number.isFinite(serverMs)) return;
    this.#samples.push(localMs - serverMs);
    if (this.#samples.length > 16) this.#samples.shift();
  }

  /** Milliseconds; null before the first receipt. */
  get valueMs(): number | null {
    return this.#samples.length === 0 ? null : Math.min(...this.#samples);
  }
}
