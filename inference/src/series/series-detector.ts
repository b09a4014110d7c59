/** What is odd about a point. */
export type SeriesReason = 'level' | 'spike' | 'drift' | 'flat' | 'missing' | 'season';

/** What the detector says about one measurement. */
export interface SeriesVerdict {
  /** 0 … 1; alarm from about 0.5 up. 0 while warming up. */
  readonly score: number;
  /** What contributes most; null when nothing is odd. */
  readonly reason: SeriesReason | null;
  /** What was expected here, in the unit of the series; NaN before the first finite value. */
  readonly expected: number;
  /** False during warm-up. */
  readonly ready: boolean;
}

/** One set of parameters serves all series; change them only with a measurement at hand. */
export interface SeriesDetectorOptions {
  /** Points before the detector speaks; default 150. */
  readonly warmup?: number;
}

/** Constant memory. One per series. */
export interface SeriesDetector {
  /**
   * `timeMs` since the epoch. Defined for everything: NaN and ±Infinity count as missing; a duplicate or earlier timestamp leaves the state as it
   * is and scores 0 with the last expectation.
   */
  observe(timeMs: number, value: number): SeriesVerdict;
}

/** Pure: no clock, no randomness. */
export function createSeriesDetector(_options: SeriesDetectorOptions = {}): SeriesDetector {
  throw new Error('being written');
}
