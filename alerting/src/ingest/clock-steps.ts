import { timePolicy } from './policy.ts';

/** The two clocks of the server, milliseconds. */
export interface ServerClocks {
  /** What the machine takes for the time, since the Unix epoch: somebody may set it. */
  wallMs(): number;
  /** Runs evenly. */
  monotonicMs(): number;
}

/**
 * Notices that the server's own clock was set. Gateways correct their times by what the server said last, so
 * what they say just after is off by the step until they have heard the new time.
 */
export class ClockSteps {
  readonly #clocks: ServerClocks;
  /**
   * What the wall clock says more than the monotonic one. Whole milliseconds: what is computed from it is
   * stored as such.
   */
  #base: number;
  #steps: { readonly ms: number; readonly atMonotonicMs: number }[] = [];

  constructor(clocks: ServerClocks) {
    this.#clocks = clocks;
    this.#base = Math.round(clocks.wallMs() - clocks.monotonicMs());
  }

  /**
   * Looks at the clocks; gives by how much the wall clock was set since the last look, whole milliseconds, 0
   * when it was not.
   */
  look(): number {
    const monotonicMs = this.#clocks.monotonicMs();
    const base = Math.round(this.#clocks.wallMs() - monotonicMs);
    const ms = base - this.#base;
    // A clock that is slewed moves by less between two looks.
    this.#base = base;
    this.#steps = this.#steps.filter(
      ({ atMonotonicMs }) => monotonicMs - atMonotonicMs <= timePolicy.stepHeardWithinMs,
    );
    if (Math.abs(ms) <= timePolicy.clockWrongAboveMs) return 0;
    this.#steps.push({ ms, atMonotonicMs: monotonicMs });
    return ms;
  }

  /**
   * By how much a time may be behind that was corrected before one of the latest steps, milliseconds; none
   * when the clock was left alone.
   */
  get behindMs(): readonly number[] {
    let sum = 0;
    return this.#steps.toReversed().map(({ ms }) => (sum += ms));
  }
}
