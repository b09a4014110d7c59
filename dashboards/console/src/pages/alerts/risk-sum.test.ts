import type { Risk } from '@watchpost/contracts/alert';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mainFactors, riskSum } from './risk-sum.ts';

const risk = (points: readonly number[]): Risk => ({
  score: points.reduce((sum, part) => sum + part, 0),
  factors: points.map((part) => ({ name: 'recency', points: part, because: {} })),
  ruleSet: '1',
});

// Points whose running sum stays within 0…100, as the contract asks of a score.
const walks = fc
  .array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 })
  .map((stops) => stops.map((stop, index) => stop - (stops[index - 1] ?? 0)));

describe('risk sum', () => {
  it('shows points that add up to the shown score, each within a tenth of the truth', () => {
    fc.assert(
      fc.property(walks, (points) => {
        const { shownScore, steps } = riskSum(risk(points));
        const tenths = steps.reduce((sum, step) => sum + Math.round(step.shownPoints * 10), 0);
        expect(tenths + 0).toBe(Math.round(shownScore * 10) + 0);
        steps.forEach((step, index) => {
          expect(Math.abs(step.shownPoints - points[index]!)).toBeLessThanOrEqual(0.11);
        });
      }),
    );
  });

  it('draws each bar from where the one before ended', () => {
    const { steps } = riskSum(risk([50, 20, -12]));
    expect(steps.map((step) => [step.fromPoints, step.toPoints])).toEqual([
      [0, 50],
      [50, 70],
      [58, 70],
    ]);
  });

  it('names the strongest factors, whatever their sign, and none without effect', () => {
    expect(mainFactors(risk([40, 3, -12, 0]), 2).map((factor) => factor.points)).toEqual([40, -12]);
    expect(mainFactors(risk([0]), 2)).toEqual([]);
  });
});
