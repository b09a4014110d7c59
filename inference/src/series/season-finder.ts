/** Points that are looked at; seasons of up to a quarter of it are found. */
const memory = 2048;
/** A new look is taken every so many points. */
const interval = 256;
/** Shorter cycles are roughness, not seasons. */
const shortest = 6;
/** Autocorrelation from which a period counts. */
const enough = 0.6;

/**
 * Finds the length of a season in points: the first clear peak of the autocorrelation of the last 2,048
 * values, confirmed at twice the lag (as a chance peak is not) and refined at the largest multiple that fits.
 * Constant memory.
 */
export class SeasonFinder {
  readonly #values = new Float64Array(memory);
  #count = 0;
  /** In points, not always whole; null while there is none. */
  period: number | null = null;

  observe(value: number): void {
    this.#values[this.#count % memory] = value;
    this.#count++;
    if (this.#count % interval === 0) this.period = this.#find();
  }

  #find(): number | null {
    const n = Math.min(this.#count, memory);
    const correlations = correlationsOf(this.#ordered(n), Math.floor(n / 2));
    let best: number | null = null;
    for (let lag = shortest; 2.1 * lag < correlations.length; lag++) {
      const here = correlations[lag] as number;
      const isPeak =
        here > enough &&
        here >= (correlations[lag - 1] as number) &&
        here > (correlations[lag + 1] as number);
      if (!isPeak || !hasValley(correlations, lag)) continue;
      if ((correlations[highest(correlations, 2 * lag, Math.ceil(0.02 * lag))] as number) < 0.7 * enough)
        continue;
      if (best === null || here > (correlations[best] as number) + 0.1) best = lag;
    }
    return best === null ? null : refine(correlations, best);
  }

  /** The last `n` values, oldest first, with outliers cut at four mean deviations. */
  #ordered(n: number): Float64Array {
    const values = Float64Array.from(
      { length: n },
      (_, i) => this.#values[(this.#count - n + i) % memory] as number,
    );
    const mean = values.reduce((sum, value) => sum + value / n, 0);
    const deviation = values.reduce((sum, value) => sum + Math.abs(value - mean) / n, 0);
    // What is left of a constant is rounding, which has patterns of its own.
    if (!(deviation > 1e-9 * Math.abs(mean))) return new Float64Array(n);
    return values.map((value) => Math.max(-4 * deviation, Math.min(4 * deviation, value - mean)));
  }
}

/** The lag of the highest correlation within `reach` of `lag`. */
function highest(correlations: Float64Array, lag: number, reach: number): number {
  let best = Math.min(correlations.length - 1, Math.round(lag));
  for (let i = Math.round(lag) - reach; i <= lag + reach && i < correlations.length; i++) {
    if ((correlations[i] as number) > (correlations[best] as number)) best = i;
  }
  return best;
}

/** A peak at k seasons tells the length k times as exactly. */
function refine(correlations: Float64Array, lag: number): number {
  let period = lag;
  // Known to 1/(k − 1) points before step k, so the k-th peak lies within two points of where it is looked
  // for.
  for (let k = 2; (k + 0.1) * lag < correlations.length; k++)
    period = highest(correlations, k * period, 2) / k;
  return period;
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

const phases = 96;

/**
 * Usual value per phase of a season whose length is found in the data; starts anew when the length changes.
 */
export class SeasonProfile {
  readonly #finder = new SeasonFinder();
  readonly #usual = new Float64Array(phases);
  readonly #counts = new Uint32Array(phases);
  #period: number | null = null;
  /** 0 … 1 within the season. */
  #position = 0;

  /** In points; null while there is none. */
  get period(): number | null {
    return this.#period;
  }

  /** Usual value at the next point; NaN while fewer than two seasons are known. */
  expected(): number {
    const phase = this.#phase();
    return phase === null || (this.#counts[phase] ?? 0) < 2 ? Number.NaN : (this.#usual[phase] as number);
  }

  learn(value: number): void {
    this.#finder.observe(value);
    const found = this.#finder.period;
    if (found !== null && this.#isOther(found)) {
      this.#counts.fill(0);
      this.#position = 0;
    }
    this.#period = found ?? this.#period;
    const phase = this.#phase();
    if (phase !== null) {
      const count = Math.min((this.#counts[phase] ?? 0) + 1, 1e9);
      const before = count === 1 ? value : (this.#usual[phase] as number);
      this.#counts[phase] = count;
      this.#usual[phase] = before + Math.max(0.1, 1 / count) * (value - before);
    }
    if (this.#period !== null) this.#position = (this.#position + 1 / this.#period) % 1;
  }

  /** A period that differs little is the same one, measured again. */
  #isOther(found: number): boolean {
    return this.#period === null || Math.abs(found - this.#period) > 0.1 * this.#period;
  }

  #phase(): number | null {
    if (this.#period === null) return null;
    return Math.floor(this.#position * Math.min(phases, this.#period));
  }
}
