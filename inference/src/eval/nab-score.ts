/** Scoring of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, section III; NAB `sweeper.py`). */

/** Cost of errors in one application profile. */
export interface NabProfile {
  readonly tpWeight: number;
  readonly fnWeight: number;
  readonly fpWeight: number;
}

/** A series with the detector's score per point and its labelled windows as inclusive index pairs. */
export interface ScoredSeries {
  readonly name: string;
  readonly scores: readonly number[];
  readonly windows: readonly (readonly [number, number])[];
}

/** A corpus score and the threshold that gives it. */
export interface NabResult {
  /** 0 = detector that says nothing, 100 = perfect. */
  readonly score: number;
  readonly threshold: number;
}

interface Point {
  readonly score: number;
  /** What the point adds as the window's best, or as a false positive. */
  readonly gain: number;
  /** Unique per window in the corpus; −1 outside. */
  readonly window: number;
}

/** First 15 % of a series, at most 750 points: not scored. */
export function probationOf(length: number): number {
  return Math.min(Math.floor(0.15 * length), 750);
}

/** The best score over all thresholds, one threshold for the whole corpus. */
export function nabScore(corpus: readonly ScoredSeries[], profile: NabProfile): NabResult {
  let windows = 0;
  const points: Point[] = [];
  for (const series of corpus) {
    points.push(...pointsOf(series, profile, windows));
    windows += series.windows.length;
  }
  points.sort((a, b) => b.score - a.score);
  const scored = new Set(points.map(({ window }) => window));
  scored.delete(-1);
  const nothing = -profile.fnWeight * scored.size;
  const best = new Map<number, number>();
  let total = nothing;
  let top = { total: nothing, threshold: Number.POSITIVE_INFINITY };
  for (const [i, { score, gain, window }] of points.entries()) {
    if (window < 0) total += gain;
    else {
      const before = best.get(window) ?? -profile.fnWeight;
      if (gain > before) {
        best.set(window, gain);
        total += gain - before;
      }
    }
    // Points of equal score are detected together.
    if (points[i + 1]?.score !== score && total > top.total) top = { total, threshold: score };
  }
  const perfect = profile.tpWeight * scored.size;
  return { score: (100 * (top.total - nothing)) / (perfect - nothing), threshold: top.threshold };
}

/**
 * What a detector with a given threshold has earned: 0 = nothing said, `perfect` = every window at its start
 * and no false alarm. Gains of parts add up.
 */
export interface NabGain {
  readonly gain: number;
  readonly perfect: number;
}

/** The gain with a threshold that was fixed beforehand. */
export function nabGainAt(corpus: readonly ScoredSeries[], profile: NabProfile, threshold: number): NabGain {
  const binary = corpus.map((series) => ({
    ...series,
    scores: series.scores.map((score) => (score >= threshold ? 1 : 0)),
  }));
  let gain = 0;
  const best = new Map<number, number>();
  let windows = 0;
  for (const series of binary) {
    for (const point of pointsOf(series, profile, windows)) {
      if (point.window < 0) gain += point.score * point.gain;
      else {
        const before = best.get(point.window) ?? 0;
        best.set(point.window, point.score ? Math.max(before, point.gain + profile.fnWeight) : before);
      }
    }
    windows += series.windows.length;
  }
  for (const earned of best.values()) gain += earned;
  return { gain, perfect: best.size * (profile.tpWeight + profile.fnWeight) };
}

/** Whether any window reaches beyond probation; without one there is nothing to score. */
export function hasScoredWindow(corpus: readonly ScoredSeries[]): boolean {
  return corpus.some(({ scores, windows }) => windows.some(([, to]) => to >= probationOf(scores.length)));
}

function pointsOf({ scores, windows }: ScoredSeries, profile: NabProfile, firstWindow: number): Point[] {
  const points: Point[] = [];
  for (let i = probationOf(scores.length); i < scores.length; i++) {
    const at = windows.findIndex(([from, to]) => i >= from && i <= to);
    const score = scores[i] ?? 0;
    if (at >= 0) {
      const [from, to] = windows[at] as readonly [number, number];
      const gain = (profile.tpWeight * scaledSigmoid(-(to - i + 1) / (to - from + 1))) / scaledSigmoid(-1);
      points.push({ score, gain, window: firstWindow + at });
    } else {
      const before = windows.findLast(([, to]) => to < i);
      const past = before ? (i - before[1]) / (before[1] - before[0]) : Number.POSITIVE_INFINITY;
      points.push({ score, gain: profile.fpWeight * scaledSigmoid(past), window: -1 });
    }
  }
  return points;
}

/** `2σ(−5y) − 1`; −1 far behind a window. */
function scaledSigmoid(y: number): number {
  return y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1;
}
