import type { ClockSource } from '@watchpost/contracts/wire';
import { clockPolicy } from '../policy.ts';

/** The two clocks of this machine, milliseconds. */
export interface MachineClocks {
  /** What the machine takes for the time: may be wrong, and may jump. */
  wallMs(): number;
  /** Runs evenly; see `monotonicMs`. */
  monotonicMs(): number;
}

/** What an earlier run knew. */
export interface RememberedTime {
  /** No true time is before this. */
  readonly lastServerMs: number;
  /** Server time minus monotonic time, when that was measured in this boot. */
  readonly serverMinusMonotonicMs?: number;
}

/** A time as it goes onto the wire. */
export interface Stamp {
  /** What the machine's clock said, milliseconds since the Unix epoch. */
  readonly clockMs: number;
  /** The server's time minus that, whole milliseconds; null when it is not known. */
  readonly offsetMs: number | null;
  /**
   * The same moment by the monotonic clock, from which the offset can be told later; null when it is known
   * now.
   */
  readonly monotonicMs: number | null;
}

interface Sample {
  readonly serverMinusMonotonicMs: number;
  readonly atMonotonicMs: number;
}

/**
 * The server's time, as well as this gateway knows it. A receipt says what time it is; between receipts the
 * monotonic clock carries on, so that a machine clock that is wrong or jumps moves nothing. A receipt is
 * always seen later than it was made, so each sample is behind by a delay; the foremost of the last samples
 * has the least (as in NTP's clock filter, RFC 5905 §10).
 */
export class GatewayClock {
  readonly #clocks: MachineClocks;
  readonly #lastServerMs: number;
  #samples: Sample[] = [];

  constructor(clocks: MachineClocks, remembered: RememberedTime) {
    this.#clocks = clocks;
    this.#lastServerMs = remembered.lastServerMs;
    const { serverMinusMonotonicMs } = remembered;
    if (serverMinusMonotonicMs !== undefined)
      this.#samples.push({ serverMinusMonotonicMs, atMonotonicMs: clocks.monotonicMs() });
  }

  /** A message arrived just now that the server made at `serverMs`, by its clock. */
  observe(serverMs: number): void {
    if (!Number.isFinite(serverMs)) return;
    const atMonotonicMs = this.#clocks.monotonicMs();
    const known = this.serverMinusMonotonicMs;
    // No message is that long on its way: the server's own clock was set back.
    if (known !== null && known - (serverMs - atMonotonicMs) > clockPolicy.serverStepMs) this.#samples = [];
    this.#samples.push({ serverMinusMonotonicMs: serverMs - atMonotonicMs, atMonotonicMs });
    const { samples, sampleLifeMs, leastSamples } = clockPolicy;
    this.#samples = this.#samples
      .slice(-samples)
      .filter(
        (sample, index, all) =>
          index >= all.length - leastSamples || atMonotonicMs - sample.atMonotonicMs <= sampleLifeMs,
      );
  }

  /** Server time minus monotonic time, milliseconds; null before the first receipt. */
  get serverMinusMonotonicMs(): number | null {
    if (this.#samples.length === 0) return null;
    return Math.max(...this.#samples.map((sample) => sample.serverMinusMonotonicMs));
  }

  /** Server time minus the machine's clock now, whole milliseconds; null before the first receipt. */
  get offsetMs(): number | null {
    const base = this.serverMinusMonotonicMs;
    return base === null ? null : Math.round(base + this.#clocks.monotonicMs() - this.#clocks.wallMs());
  }

  get source(): ClockSource {
    return this.#samples.length === 0 ? 'none' : 'receipt';
  }

  /** No server has said the time since the machine started, and its clock says one that is over. */
  get isUnknown(): boolean {
    return this.#samples.length === 0 && this.#clocks.wallMs() < this.#lastServerMs;
  }

  /** The server's time; the machine's while nothing better is known. Milliseconds since the Unix epoch. */
  nowMs(): number {
    const base = this.serverMinusMonotonicMs;
    return base === null ? this.#clocks.wallMs() : base + this.#clocks.monotonicMs();
  }

  /**
   * The server's time of something that was captured lately, as well as it is known now; `capturedAtMs` is
   * what the machine's clock said then. Everything in this agent is judged by it: nothing there sees the
   * machine's clock.
   */
  siteTimeOf(capturedAtMs: number): number {
    const ageMs = this.#clocks.wallMs() - capturedAtMs;
    // Everything is handed over within moments; another age means that the clock jumped in between.
    const sane = ageMs >= 0 && ageMs <= clockPolicy.longestHandoverMs;
    return this.nowMs() - (sane ? ageMs : 0);
  }

  /** Takes a site time of this moment or the last ones apart, for the wire. */
  stamp(siteTimeMs: number): Stamp {
    const { offsetMs } = this;
    if (offsetMs !== null) return { clockMs: siteTimeMs - offsetMs, offsetMs, monotonicMs: null };
    const monotonicMs = this.#clocks.monotonicMs() - (this.#clocks.wallMs() - siteTimeMs);
    return { clockMs: siteTimeMs, offsetMs, monotonicMs };
  }

  /** The offset of a moment before it was known, whole milliseconds; null while it still is not. */
  offsetOf(clockMs: number, monotonicMs: number): number | null {
    const base = this.serverMinusMonotonicMs;
    return base === null ? null : Math.round(base + monotonicMs - clockMs);
  }
}
