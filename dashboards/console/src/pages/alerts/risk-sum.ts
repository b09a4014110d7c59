import type { Risk, RiskFactor } from '@watchpost/contracts/alert';

/** A factor with the points that are shown and where its bar lies on the way from 0 to the score. */
export interface RiskStep {
  readonly factor: RiskFactor;
  /** Rounded to tenths so that the shown points of all factors sum exactly to the shown score. */
  readonly shownPoints: number;
  /** Where the bar begins and ends on the 0–100 scale, lower end first. */
  readonly fromPoints: number;
  readonly toPoints: number;
}

export interface RiskSum {
  readonly shownScore: number;
  readonly steps: readonly RiskStep[];
}

const clamp = (points: number) => Math.min(100, Math.max(0, points));

/**
 * The factors as a waterfall. Rounding each factor alone would show 12.3 + 4.4 = 16.8; the largest-remainder
 * method (Hamilton) spreads the rounding so that what is shown adds up.
 */
export function riskSum(risk: Risk): RiskSum {
  // + 0 turns a −0 into 0: “−0 points” must not be shown.
  const shownTenths = Math.round(risk.score * 10) + 0;
  const exact = risk.factors.map((factor) => factor.points * 10);
  const tenths = exact.map(Math.floor);
  let missing = shownTenths - tenths.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((left, right) => right.remainder - left.remainder);
  for (const { index } of byRemainder) {
    if (missing <= 0) break;
    tenths[index] = (tenths[index] ?? 0) + 1;
    missing -= 1;
  }
  let reached = 0;
  const steps = risk.factors.map((factor, index) => {
    const before = reached;
    reached += tenths[index] ?? 0;
    return {
      factor,
      shownPoints: (tenths[index] ?? 0) / 10,
      fromPoints: clamp(Math.min(before, reached) / 10),
      toPoints: clamp(Math.max(before, reached) / 10),
    };
  });
  return { shownScore: shownTenths / 10, steps };
}

/** The factors that moved the score most, largest first; of equal ones the earlier first. */
export function mainFactors(risk: Risk, count: number): readonly RiskFactor[] {
  return [...risk.factors]
    .sort((left, right) => Math.abs(right.points) - Math.abs(left.points))
    .filter((factor) => factor.points !== 0)
    .slice(0, count);
}
