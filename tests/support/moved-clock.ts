import { setTimeout as sleep } from 'node:timers/promises';

/** Looks at what is due that nobody asked for come once a second: after each move they get their turn. */
const turnMs = 1_200;

/**
 * Both clocks of this process, moved together: for what runs in it, time has passed. Timers run as ever, so
 * each move is followed by a turn in real time.
 */
export class MovedClock {
  readonly #now = Date.now;
  readonly #monotonic = performance.now.bind(performance);
  #aheadMs: number;

  /** @param startMs what the wall clock says from now on, milliseconds since the Unix epoch */
  constructor(startMs: number) {
    this.#aheadMs = startMs - this.#now();
    const start = this.#aheadMs;
    Date.now = () => this.#now() + this.#aheadMs;
    performance.now = () => this.#monotonic() + (this.#aheadMs - start);
  }

  get nowMs(): number {
    return Date.now();
  }

  /** Time passes in steps, each with a turn of its own. */
  async pass(ms: number, stepMs: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.#aheadMs += Math.min(stepMs, ms - passed);
      await sleep(turnMs);
    }
  }

  /** Until the wall clock says so: nothing is due in between that has to be seen in its order. */
  async until(atMs: number): Promise<void> {
    await this.pass(Math.max(0, atMs - this.nowMs), 30 * 60_000);
  }

  restore(): void {
    Date.now = this.#now;
    performance.now = this.#monotonic;
  }
}
