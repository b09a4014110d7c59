/** Points that are looked at; seasons of up to half of it are found. */
const memory = 1024;
/** A new look is taken every so many points. */
const interval = 128;
/** Shorter cycles are roughness, not seasons. */
const shortest = 6;
/** Autocorrelation from which a period counts. */
const enough = 0.5;

/**
 * Finds the length of a season in points: the first clear peak of the autocorrelation of the last 1,024 values, confirmed by the correlation at twice the lag (as a
 * chance peak is not). Constant memory.
 */
export class SeasonFinder {
  readonly #values = new Float64Array(memory);
  #count = 0;
  /** In points; null while there is none. */
  period: number | null = null;

  observe(value: number): void {
    this.#values[this.#count % memory] = value;
    this.#count++;
    if (this.#count % interval === 0) this.period = this.#find();
  }

  #find(): number | null {
    const n = Math.min(this.#count, memory);
    const values = this.#ordered(n);
    const correlations = correlationsOf(values, Math.floor(n / 2));
    let best: number | null = null;
    for (let lag = shortest; lag < correlations.length - 1; lag++) {
      const here = correlations[lag] as number;
      const isPeak = here > enough && here >= (correlations[lag - 1] as number) && here > (correlations[lag + 1] as number);
      if (!isPeak || !hasValley(correlations, lag)) continue;
      const twice = correlations[2 * lag];
      if (twice !== undefined && twice < 0.7 * enough) continue;
      if (best === null || here > (correlations[best] as number) + 0.1) best = lag;
    }
    return best;
  }

  /** The last `n` values, oldest first, with outliers cut at four mean deviations. */
  #ordered(n: number): Float64Array {
    const values = Float64Array.from({ length: n }, (_, i) => this.#values[(this.#count - n + i) % memory] as number);
    const mean = values.reduce((sum, value) => sum + value / n, 0);
    const deviation = values.reduce((sum, value) => sum + Math.abs(value - mean) / n, 0);
    return values.map((value) => Math.max(-4 * deviation, Math.min(4 * deviation, value - mean)));
  }
}

/** A peak is one of a wave only when the correlation has fallen clearly before it. */
function hasValley(correlations: Float64Array, lag: number): boolean {
  for (let i = 1; i < lag; i++) if ((correlations[i] as number) < 0.3) return true;
  return false;
}

function correlationsOf(values: Float64Array, lags: number): Float64Array {
  const energy = values.reduce((sum, value) => sum + value * value, 0);
  const result = new Float64Array(lags);
  if (!(energy > 0) || !Number.isFinite(energy)) return result;
  for (let lag = 0; lag < lags; lag++) {
    let sum = 0;
    for (let i = lag; i < values.length; i++) sum += (values[i] as number) * (values[i - lag] as number);
    result[lag] = ((sum / energy) * values.length) / (values.length - lag);
  }
  return result;
}
