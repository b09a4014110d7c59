/** A logistic model over standardised measures: the score is `bias + Σ weight·(measure − mean)/deviation`. */
export interface LogisticModel {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
}

/**
 * Fits by gradient descent on the log loss with a quadratic penalty; both classes weigh the same. The problem
 * is convex, so the result does not depend on a start or on chance.
 * @param penalty of the squared weights, in cases
 */
export function fitLogistic(
  cases: readonly (readonly number[])[],
  truth: readonly boolean[],
  penalty: number,
): LogisticModel {
  const size = cases[0]?.length ?? 0;
  const mean = Array.from(
    { length: size },
    (_, k) => cases.reduce((sum, one) => sum + (one[k] ?? 0), 0) / cases.length,
  );
  const deviation = mean.map((middle, k) =>
    Math.sqrt(cases.reduce((sum, one) => sum + ((one[k] ?? 0) - middle) ** 2, 0) / cases.length + 1e-9),
  );
  const rows = cases.map((one) => one.map((value, k) => (value - (mean[k] ?? 0)) / (deviation[k] ?? 1)));
  const positives = truth.filter(Boolean).length;
  const share = truth.map((is) => 0.5 / (is ? positives : truth.length - positives));
  const weights = new Float64Array(size);
  let bias = 0;
  for (let step = 0; step < 6000; step++) {
    const slope = Float64Array.from(weights, (weight) => (penalty * weight) / truth.length);
    let lift = 0;
    for (const [i, row] of rows.entries()) {
      const score = row.reduce((sum, value, k) => sum + value * (weights[k] ?? 0), bias);
      const error = (share[i] ?? 0) * (1 / (1 + Math.exp(-score)) - (truth[i] ? 1 : 0));
      lift += error;
      for (const [k, value] of row.entries()) slope[k] = (slope[k] ?? 0) + error * value;
    }
    for (let k = 0; k < size; k++) weights[k] = (weights[k] ?? 0) - 0.5 * (slope[k] ?? 0);
    bias -= 0.5 * lift;
  }
  return { mean, deviation, weights: [...weights], bias };
}
