/** A pair of pictures with the truth and the measured cosine. */
export interface PairScore {
  readonly fold: number;
  readonly same: boolean;
  readonly cosine: number;
}

/**
 * Mean and standard deviation over folds of the accuracy at the threshold that is best for all other folds.
 */
export function accuracyByFold(scores: readonly PairScore[]): { mean: number; deviation: number } {
  const folds = [...new Set(scores.map(({ fold }) => fold))];
  const accuracies = folds.map((fold) => {
    const others = scores.filter((score) => folds.length === 1 || score.fold !== fold);
    const own = scores.filter((score) => score.fold === fold);
    return accuracyAt(own, bestThreshold(others));
  });
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / accuracies.length;
  return { mean, deviation: Math.sqrt(variance) };
}

function accuracyAt(scores: readonly PairScore[], threshold: number): number {
  return scores.filter(({ same, cosine }) => cosine >= threshold === same).length / scores.length;
}

/** Middle of the range of cosines with the highest accuracy. */
function bestThreshold(scores: readonly PairScore[]): number {
  const sorted = scores.toSorted((a, b) => a.cosine - b.cosine);
  let right = sorted.filter(({ same }) => same).length;
  let best = { right, from: -1, to: -1 };
  for (const [i, { same, cosine }] of sorted.entries()) {
    right += same ? -1 : 1;
    const next = sorted[i + 1]?.cosine ?? 1;
    if (right > best.right) best = { right, from: cosine, to: next };
    else if (right === best.right) best = { ...best, to: next };
  }
  return (best.from + best.to) / 2;
}

/** Threshold that at most `rate` of the impostors reach, and the share of genuine pairs that do. */
export function rateAtFalseMatches(
  genuine: readonly number[],
  impostors: Float32Array,
  rate: number,
): { threshold: number; share: number } {
  const sorted = impostors.toSorted();
  const allowed = Math.floor(rate * sorted.length);
  const threshold = (sorted[sorted.length - 1 - allowed] ?? 1) + 1e-6;
  return { threshold, share: genuine.filter((cosine) => cosine >= threshold).length / genuine.length };
}
