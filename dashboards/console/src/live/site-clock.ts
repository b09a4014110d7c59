/**
 * How far a new sample may lie behind the clock before it is believed that the server's clock was set back.
 */
const setBackMs = 2_000;

export interface TimeSource {
  /** Milliseconds that grow evenly, whatever is done to the computer's clock. */
  readonly monotonicMs: () => number;
  /** The computer's own clock, which may be wrong. */
  readonly localMs: () => number;
}

const browserTime: TimeSource = { monotonicMs: () => performance.now(), localMs: () => Date.now() };

/**
 * The time of the site, as the server says it. The clock of an officer's computer is often wrong, and ages of
 * alerts reckoned by it would be too.
 */
export class SiteClock {
  readonly #source: TimeSource;
  /** Server time minus monotonic time. */
  #offsetMs: number | undefined;

  constructor(source: TimeSource = browserTime) {
    this.#source = source;
  }

  /**
   * Takes the server's time from an answer that has just arrived. The sample that travelled least is the
   * best.
   */
  heard(time: string): void {
    const serverMs = Date.parse(time);
    if (!Number.isFinite(serverMs)) return;
    const offsetMs = serverMs - this.#source.monotonicMs();
    const known = this.#offsetMs;
    if (known === undefined || offsetMs > known || offsetMs < known - setBackMs) this.#offsetMs = offsetMs;
  }

  /** Milliseconds since the epoch; by the computer's own clock until the server was heard. */
  nowMs(): number {
    const { monotonicMs, localMs } = this.#source;
    return this.#offsetMs === undefined ? localMs() : monotonicMs() + this.#offsetMs;
  }

  /** How far the computer's clock is ahead of the site's; 0 until the server was heard. */
  localAheadMs(): number {
    return this.#offsetMs === undefined ? 0 : this.#source.localMs() - this.nowMs();
  }
}

/** The clock of this page. */
export const siteClock = new SiteClock();
