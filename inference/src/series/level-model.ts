import type { SeriesReason } from './series-detector.ts';

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Deviations (in robust standard deviations) at which a part scores 0.5. */
const half = { spike: 8, level: 5, drift: 4 };

/** Scores a deviation: 0 below half of its limit, 0.5 at it, towards 1 beyond. */
function rate(deviation: number, limit: number): number {
  const x = deviation / limit;
  return x < 0.5 ? 0 : 1 - 1 / (1 + x * x);
}

/**
 * A slow level with a robust spread, a faster mean and a very slow one. Steps are bounded (Huber's ψ), so that an outlier moves the model by no more
 * than an ordinary deviation.
 */
export class LevelModel {
  /** Slow level; NaN before the first value. */
  expected = Number.NaN;
  #spread = 0;
  #jump = 0;
  #fast = 0;
  #slow = 0;
  #last = 0;
  #same = 0;
  #longestSame = 1;
  #count = 0;

  /** Scores a finite value and learns from it. */
  judge(value: number): [SeriesReason, number][] {
    if (this.#count === 0) this.#begin(value);
    const floor = 1e-9 + 1e-6 * Math.abs(this.expected);
    const spread = Math.max(this.#spread * 1.25, floor);
    const jump = Math.max(this.#jump * 1.25, floor);
    const off = value - this.expected;
    const step = value - this.#last;
    this.#fast += 0.1 * (clamp(off, -20 * spread, 20 * spread) + this.expected - this.#fast);
    const parts: [SeriesReason, number][] = [
      [
        'spike',
        Math.min(rate(Math.abs(step) / jump, half.spike), rate(Math.abs(off) / spread, half.spike / 2)),
      ],
      ['level', rate(Math.abs(this.#fast - this.expected) / (spread * 0.4), half.level)],
      ['drift', rate(Math.abs(this.expected - this.#slow) / spread, half.drift)],
      ['flat', this.#flatness(step, jump)],
    ];
    this.#learn(value, off, step, spread, jump);
    return parts;
  }

  #begin(value: number): void {
    this.expected = value;
    this.#fast = value;
    this.#slow = value;
    this.#last = value;
  }

  #flatness(step: number, jump: number): number {
    this.#same = step === 0 ? this.#same + 1 : 0;
    if (this.#count < 100 || jump <= 1e-6 * Math.abs(this.expected) + 1e-9) return 0;
    const odd = this.#same / (4 * this.#longestSame + 10);
    return odd < 1 ? 0 : Math.min(1, odd / 2);
  }

  #learn(value: number, off: number, step: number, spread: number, jump: number): void {
    this.#count++;
    const warm = 1 / Math.min(this.#count, 200);
    const bound = this.#count < 30 ? Number.POSITIVE_INFINITY : 3;
    this.expected += warm * clamp(off, -bound * spread, bound * spread);
    this.#slow += (1 / Math.min(this.#count, 2000)) * (this.expected - this.#slow);
    this.#spread += warm * (Math.min(Math.abs(off), 2 * bound * spread) - this.#spread);
    this.#jump += warm * (Math.min(Math.abs(step), 2 * bound * jump) - this.#jump);
    this.#last = value;
    if (this.#same > 0 && this.#count < 1000) this.#longestSame = Math.max(this.#longestSame, this.#same);
  }
}
