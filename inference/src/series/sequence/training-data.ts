import { leastWindows, mostPoints, type Scaler, scaled, windowLength } from './sequence-model.ts';

/**
 * Points of one series in time order; where `normal` is 0 the point is not learnt from, nor any window it
 * lies in.
 */
export interface SeriesPoints {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly normal: Uint8Array;
}

/** Windows of scaled values, one after the other, oldest first. */
export interface TrainingWindows {
  readonly count: number;
  readonly data: Float32Array;
  readonly scaler: Scaler;
  readonly cadenceMs: number;
}

/** Longer than so many usual distances is a gap, over which no window reaches. */
export const gapCadences = 3;

/** The last 2,000 points of a series, kept in constant memory (34 kB). */
export class NormalPoints {
  readonly #times = new Float64Array(mostPoints);
  readonly #values = new Float64Array(mostPoints);
  readonly #normal = new Uint8Array(mostPoints);
  #count = 0;

  /** Points ever added. */
  get count(): number {
    return this.#count;
  }

  /** `value` is finite and `timeMs` later than the last. */
  add(timeMs: number, value: number, normal: boolean): void {
    const at = this.#count % mostPoints;
    this.#times[at] = timeMs;
    this.#values[at] = value;
    this.#normal[at] = normal ? 1 : 0;
    this.#count++;
  }

  /** What is held, oldest first. */
  points(): SeriesPoints {
    const n = Math.min(this.#count, mostPoints);
    const at = (i: number) => (this.#count - n + i) % mostPoints;
    return {
      timesMs: Float64Array.from({ length: n }, (_, i) => this.#times[at(i)] as number),
      values: Float64Array.from({ length: n }, (_, i) => this.#values[at(i)] as number),
      normal: Uint8Array.from({ length: n }, (_, i) => this.#normal[at(i)] as number),
    };
  }
}

/** The windows to learn from; null when there are fewer than 100. */
export function windowsOf({ timesMs, values, normal }: SeriesPoints): TrainingWindows | null {
  const scaler = scalerOf(values.filter((_, i) => normal[i] === 1));
  const cadenceMs = cadenceOf(timesMs);
  if (!scaler || !(cadenceMs > 0)) return null;
  const ends: number[] = [];
  let run = 0;
  for (let i = 0; i < values.length; i++) {
    const gap = i > 0 && (timesMs[i] as number) - (timesMs[i - 1] as number) > gapCadences * cadenceMs;
    run = normal[i] === 1 && Number.isFinite(values[i]) ? (gap ? 1 : run + 1) : 0;
    if (run >= windowLength) ends.push(i);
  }
  if (ends.length < leastWindows) return null;
  const data = new Float32Array(ends.length * windowLength);
  for (const [row, end] of ends.entries()) {
    for (let j = 0; j < windowLength; j++)
      data[row * windowLength + j] = scaled(values[end - windowLength + 1 + j] as number, scaler);
  }
  return { count: ends.length, data, scaler, cadenceMs };
}

/** Median distance; 0 for fewer than two points. */
export function cadenceOf(timesMs: ArrayLike<number>): number {
  const steps: number[] = [];
  for (let i = 1; i < timesMs.length; i++) steps.push((timesMs[i] as number) - (timesMs[i - 1] as number));
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
}

/** Median, and the spread of the middle nine tenths as standard deviations of a normal distribution. */
function scalerOf(values: Float64Array): Scaler | null {
  const sorted = values.filter(Number.isFinite).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
  if (sorted.length === 0) return null;
  const center = at(0.5);
  const spread = at(0.95) / 3.3 - at(0.05) / 3.3;
  // A series that mostly stands still is measured by its whole range, a constant by its own size.
  const scale = spread > 0 ? spread : Math.max((at(1) - at(0)) / 10, 1e-3 * Math.abs(center), 1e-9);
  return Number.isFinite(center) && Number.isFinite(scale) ? { center, scale } : null;
}
