import type { MeasuredThreshold } from '../models/manifest.ts';

/**
 * Decades of false-match rate per unit of cosine where only one point is measured; the slope between 1e-4 and
 * 1e-5 of the default recogniser.
 */
const assumedSlope = 1 / 0.065;

/**
 * False-match rate of one comparison at `cosine`: log-linear between measured points (rising cosine),
 * extended beyond them with the last slope, at most 1 and at least 1e-9 (nobody measured further).
 */
export function falseMatchRateAt(
  cosine: number,
  measured: readonly Pick<MeasuredThreshold, 'cosine' | 'falseMatchRate'>[],
): number {
  const points = measured.map((point) => ({ x: point.cosine, y: Math.log10(point.falseMatchRate) }));
  const first = points[0];
  if (!first) return 1;
  let i = points.findIndex(({ x }) => x >= cosine);
  if (i < 0) i = points.length - 1;
  const right = points[Math.max(1, i)] ?? { x: first.x + 1, y: first.y - assumedSlope };
  const left = points[Math.max(1, i) - 1] ?? first;
  const log = left.y + ((right.y - left.y) * (cosine - left.x)) / (right.x - left.x);
  return Math.min(1, Math.max(1e-9, 10 ** log));
}

/** 0 … 1: probability that none of `gallerySize` other people would reach `cosine` by chance. */
export function confidenceOf(falseMatchRate: number, gallerySize: number): number {
  return (1 - falseMatchRate) ** Math.max(1, gallerySize);
}

/**
 * False candidates per day to expect when `peoplePerDay` strangers pass a gallery of `gallerySize` entries.
 */
export function expectedFalseCandidates(
  falseMatchRate: number,
  gallerySize: number,
  peoplePerDay: number,
): number {
  return peoplePerDay * (1 - (1 - falseMatchRate) ** gallerySize);
}

/** What one measured threshold means for a camera. */
export interface ExpectedCandidates extends MeasuredThreshold {
  /** Candidates per day of people who are not in the gallery. */
  readonly falsePerDay: number;
}

/**
 * What every measured threshold of a recogniser means for `gallerySize` entries and a camera that
 * `peoplePerDay` people pass, all of them strangers.
 */
export function expectedCandidates(
  thresholds: readonly MeasuredThreshold[],
  gallerySize: number,
  peoplePerDay: number,
): readonly ExpectedCandidates[] {
  return thresholds.map((threshold) => ({
    ...threshold,
    falsePerDay: expectedFalseCandidates(threshold.falseMatchRate, gallerySize, peoplePerDay),
  }));
}
