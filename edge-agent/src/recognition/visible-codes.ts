import { visibleCodesPolicy } from './policy.ts';

/** Remembers which codes are in view, so that each speaks once per showing. Keeps fingerprints only. */
export class VisibleCodes {
  readonly #holdMs: number;
  readonly #seenAt = new Map<string, number>();

  /** @param holdMs how long a code may be out of view and still count as the same showing. */
  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  /** @returns true when this showing of the code is new. */
  isNew(fingerprint: string, atMs: number): boolean {
    const before = this.#seenAt.get(fingerprint);
    // Re-inserted, so that the map stays ordered by last sight.
    this.#seenAt.delete(fingerprint);
    this.#seenAt.set(fingerprint, atMs);
    for (const [known, seenAt] of this.#seenAt) {
      if (Math.abs(atMs - seenAt) <= this.#holdMs) break;
      this.#seenAt.delete(known);
    }
    return before === undefined || Math.abs(atMs - before) > this.#holdMs;
  }

  /** Whether a code was in view a moment ago. */
  inView(atMs: number): boolean {
    return [...this.#seenAt.values()].some((seenAt) => Math.abs(atMs - seenAt) < visibleCodesPolicy.inViewMs);
  }
}
