/** The last `size` values, oldest first once full. */
export class RecentValues {
  readonly #values: number[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns the value that makes room; undefined until full */
  push(value: number): number | undefined {
    this.#values.push(value);
    return this.#values.length > this.#size ? this.#values.shift() : undefined;
  }

  /** Mean; NaN until full. */
  mean(): number {
    if (this.#values.length < this.#size) return Number.NaN;
    return this.#values.reduce((sum, value) => sum + value / this.#size, 0);
  }

  /** Standard deviation; NaN until full. */
  roughness(): number {
    const mean = this.mean();
    return Math.sqrt(this.#values.reduce((sum, value) => sum + (value - mean) ** 2 / this.#size, 0));
  }
}

/**
 * Tells whether a series went where it is gradually: from the mean of the last points and the mean of as many
 * before them.
 */
export class GradualMove {
  readonly #means: RecentValues;
  #before = Number.NaN;

  constructor(size: number) {
    this.#means = new RecentValues(size);
  }

  /** After each value, with the mean of the last points. */
  observe(mean: number): void {
    if (!Number.isNaN(mean)) this.#before = this.#means.push(mean) ?? this.#before;
  }

  /** Of a move that has just begun the mean knows nothing yet; of a steady one it has made two thirds. */
  has(value: number, mean: number): boolean {
    return (mean - this.#before) / (value - this.#before) > 0.3;
  }
}

const hours = 24;
const dayMs = 86_400_000;

/** Usual value per hour of the day (UTC; only the period matters). */
export class DayProfile {
  readonly #usual = new Float64Array(hours).fill(Number.NaN);
  readonly #counts = new Uint32Array(hours);

  /** Usual value at this time of day; NaN while fewer than two values are known for the hour. */
  expected(timeMs: number): number {
    const hour = hourOf(timeMs);
    return (this.#counts[hour] ?? 0) < 2 ? Number.NaN : (this.#usual[hour] ?? Number.NaN);
  }

  learn(timeMs: number, value: number): void {
    const hour = hourOf(timeMs);
    const count = (this.#counts[hour] ?? 0) + 1;
    const before = count === 1 ? value : (this.#usual[hour] ?? value);
    this.#counts[hour] = Math.min(count, 1e9);
    this.#usual[hour] = before + Math.max(0.1, 1 / count) * (value - before);
  }
}

function hourOf(timeMs: number): number {
  return Math.floor(((((timeMs % dayMs) + dayMs) % dayMs) / dayMs) * hours) % hours;
}

/** Length of a run of equal values, in doublings beyond eight: 0 for ordinary repeats. */
export class FlatRun {
  #last = Number.NaN;
  #length = 0;

  observe(value: number): number {
    this.#length = value === this.#last ? this.#length + 1 : 0;
    this.#last = value;
    return this.#length < 8 ? 0 : Math.log2(this.#length / 8);
  }
}
