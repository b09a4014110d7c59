/**
 * Notices that a camera repeats one picture. Real pictures differ in their noise; identical ones come from a
 * hung encoder or a played still.
 */
export class FrozenPicture {
  #digest: number | null = null;
  #sinceMs = 0;
  #lastMs = 0;
  #changedMs = Number.NEGATIVE_INFINITY;

  /** @param digest of all pixels. @param atMs of a clock that never goes back. */
  observe(digest: number, atMs: number): void {
    if (this.#digest !== null && digest !== this.#digest) this.#changedMs = atMs;
    if (digest !== this.#digest) this.#sinceMs = atMs;
    this.#digest = digest;
    this.#lastMs = atMs;
  }

  /** Since when the picture has been the same; null when it was so for less than `limitMs`. */
  frozenSince(limitMs: number): number | null {
    return this.#digest !== null && this.#lastMs - this.#sinceMs >= limitMs ? this.#sinceMs : null;
  }

  /** When a picture last differed from the one before it; −∞ when none did yet. */
  get changedMs(): number {
    return this.#changedMs;
  }

  /** No picture came for a while: what comes next is compared anew. */
  forget(): void {
    this.#digest = null;
  }
}
