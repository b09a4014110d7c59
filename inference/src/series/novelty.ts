/** Smallest gap counts only after so many values: the first few are all far from each other. */
const settled = 20;
/**
 * Values that are remembered; beyond, the two nearest neighbours become one, so that the outline of what was
 * seen stays.
 */
const memory = 500;
/** What the largest gap so far is worth per later value: after about 1,400 values half. */
const fade = 0.9995;
/**
 * Part of the range seen that every gap is measured against, so that a dense history does not make everything
 * a novelty.
 */
const rangeShare = 0.1;

/**
 * How far a value lies from everything seen before: distance to the nearest earlier value, relative to the
 * largest such distance so far and to the range. 0 inside dense ground, 0.05 remarkable, 1 and more far out.
 * Free of any model of the distribution; memory is constant.
 */
export class Novelty {
  /** Ascending. */
  readonly #seen: number[] = [];
  #largest = 0;
  #count = 0;

  /** Judges a finite value, then remembers it. Numbers that are not finite are passed over and give 0. */
  observe(value: number): number {
    if (!Number.isFinite(value)) return 0;
    const at = this.#place(value);
    const below = this.#seen[at - 1];
    const above = this.#seen[at];
    const gap = Math.min(
      below === undefined ? Infinity : value - below,
      above === undefined ? Infinity : above - value,
    );
    const novelty = Number.isFinite(gap) ? gap / (this.#largest + rangeShare * this.#range()) : 0;
    this.#count++;
    if (this.#count > settled && Number.isFinite(gap)) this.#largest = Math.max(this.#largest * fade, gap);
    this.#seen.splice(at, 0, value);
    if (this.#seen.length > memory) this.#forgetOne();
    return Number.isFinite(novelty) ? novelty : 0;
  }

  /** Number of values held. */
  get remembered(): number {
    return this.#seen.length;
  }

  /** Index of the first remembered value that is not smaller. */
  #place(value: number): number {
    let low = 0;
    let high = this.#seen.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seen[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of the values seen; never 0, so that a constant series has a scale too. */
  #range(): number {
    const low = this.#seen[0] ?? 0;
    const high = this.#seen.at(-1) ?? 0;
    return Math.max(high - low, 1e-6 * Math.max(Math.abs(low), Math.abs(high)) + 1e-9);
  }

  #forgetOne(): void {
    let index = 1;
    let smallest = Infinity;
    for (let i = 1; i < this.#seen.length - 1 && smallest > 0; i++) {
      const gap = (this.#seen[i] as number) - (this.#seen[i - 1] as number);
      if (gap < smallest) {
        smallest = gap;
        index = i;
      }
    }
    this.#seen.splice(index, 1);
  }
}
