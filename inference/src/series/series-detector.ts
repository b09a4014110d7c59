import { CadenceWatch } from './cadence.ts';
import { LevelModel } from './level-model.ts';

/** What is odd about a point. */
export type SeriesReason = 'level' | 'spike' | 'drift' | 'flat' | 'missing' | 'season';

/** What the detector says about one measurement. */
export interface SeriesVerdict {
  /** 0 … 1; alarm from about 0.5 up. 0 while warming up. */
  readonly score: number;
  /** What contributes most; null when nothing is odd (score below 0.1). */
  readonly reason: SeriesReason | null;
  /** What was expected here, in the unit of the series; NaN before the first finite value. */
  readonly expected: number;
  /** False during warm-up. */
  readonly ready: boolean;
}

/** One set of parameters serves all series; change them only with a measurement at hand. */
export interface SeriesDetectorOptions {
  /** Finite points before the detector speaks; default 60. */
  readonly warmup?: number;
}

/** Constant memory. One per series. */
export interface SeriesDetector {
  /**
   * `timeMs` since the epoch. Defined for everything: NaN and ±Infinity count as missing; a duplicate, earlier or non-finite timestamp leaves the state
   * as it is and scores 0 with the last expectation.
   */
  observe(timeMs: number, value: number): SeriesVerdict;
}

/** Pure: no clock, no randomness. */
export function createSeriesDetector({ warmup = 60 }: SeriesDetectorOptions = {}): SeriesDetector {
  const cadence = new CadenceWatch();
  const level = new LevelModel();
  let lastTime = Number.NEGATIVE_INFINITY;
  let count = 0;

  return {
    observe(timeMs, value) {
      const ready = count >= warmup;
      if (!Number.isFinite(timeMs) || timeMs <= lastTime) {
        return { score: 0, reason: null, expected: level.expected, ready };
      }
      const interval = timeMs - lastTime;
      lastTime = timeMs;
      const missing = Number.isFinite(value) ? cadence.gap(interval) : cadence.missed();
      const { expected } = level;
      if (!Number.isFinite(value)) return verdict([['missing', missing]], expected, ready);
      count++;
      return verdict([['missing', missing], ...level.judge(value)], expected, ready);
    },
  };
}

function verdict(
  parts: readonly (readonly [SeriesReason, number])[],
  expected: number,
  ready: boolean,
): SeriesVerdict {
  let reason: SeriesReason | null = null;
  let score = 0;
  for (const [name, part] of parts) {
    if (part > score) {
      score = Math.min(1, part);
      reason = name;
    }
  }
  if (!ready) return { score: 0, reason: null, expected, ready };
  return { score, reason: score < 0.1 ? null : reason, expected, ready };
}
