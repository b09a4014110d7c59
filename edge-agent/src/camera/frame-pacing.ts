/** Lets at most `fps` frames per second through on average, evenly. */
export class FrameLimit {
  readonly #intervalMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(fps: number) {
    this.#intervalMs = 1000 / fps;
  }

  /** Whether a frame captured at `atMs` may go; asking does not use it up. */
  allows(atMs: number): boolean {
    return atMs >= this.#dueMs || atMs < this.#dueMs - 2 * this.#intervalMs;
  }

  /** A frame captured at `atMs` went. */
  took(atMs: number): void {
    const late = atMs - this.#dueMs;
    // Within one interval the beat is kept; after a pause, or a clock set back, a new beat begins.
    const from = late >= 0 && late < this.#intervalMs ? this.#dueMs : atMs;
    this.#dueMs = from + this.#intervalMs;
  }
}

/** When the frames of a file are due, so that it plays like a camera. Milliseconds. */
export class FilePacing {
  #startMs: number | null = null;
  #lastPtsMs = 0;
  #frameMs = 40;
  #roundMs = 0;

  /** @param ptsMs position in the file; @returns when this frame is due, by the clock of `nowMs`. */
  due(ptsMs: number, nowMs: number): number {
    if (ptsMs > this.#lastPtsMs) this.#frameMs = Math.min(1000, ptsMs - this.#lastPtsMs);
    this.#lastPtsMs = ptsMs;
    const position = this.#roundMs + ptsMs;
    this.#startMs ??= nowMs - position;
    // More than a second behind (a suspended machine): go on from now instead of racing.
    if (nowMs - (this.#startMs + position) > 1000) this.#startMs = nowMs - position;
    return this.#startMs + position;
  }

  /** The file begins again. */
  nextRound(): void {
    this.#roundMs += this.#lastPtsMs + this.#frameMs;
    this.#lastPtsMs = 0;
  }
}
