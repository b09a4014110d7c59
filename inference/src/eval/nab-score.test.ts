import { describe, expect, it } from 'vitest';
import { nabScore } from './nab-score.ts';
import { accuracyByFold, rateAtFalseMatches } from './pair-statistics.ts';

const profile = { tpWeight: 1, fnWeight: 1, fpWeight: 0.11 };
const windows = [[400, 499]] as const;
const series = (hits: Record<number, number>) => ({
  name: 's',
  windows,
  scores: Array.from({ length: 1000 }, (_, i) => hits[i] ?? 0),
});

describe('nabScore', () => {
  it('is 100 for a hit at the start of the window and 0 for silence', () => {
    expect(nabScore([series({ 400: 1 })], profile)).toEqual({ score: 100, threshold: 1 });
    expect(nabScore([series({})], profile).score).toBe(0);
  });
  it('rewards early hits, once per window', () => {
    const at = (i: number) => nabScore([series({ [i]: 1 })], profile).score;
    expect(at(400)).toBeGreaterThan(at(450));
    expect(at(450)).toBeCloseTo(
      (100 * (1 + (2 / (1 + Math.exp(-2.5)) - 1) / (2 / (1 + Math.exp(-5)) - 1))) / 2,
      6,
    );
    expect(at(450)).toBeGreaterThan(at(499));
    expect(nabScore([series({ 400: 1, 450: 1 })], profile).score).toBe(100);
  });
  it('charges false hits by their distance behind the window, and none in probation', () => {
    const far = nabScore([series({ 400: 1, 990: 1 })], profile).score;
    const near = nabScore([series({ 400: 1, 501: 1 })], profile).score;
    expect(far).toBeCloseTo(100 - (100 * 0.11) / 2, 6);
    expect(near).toBeGreaterThan(far);
    expect(nabScore([series({ 400: 1, 100: 1 })], profile).score).toBe(100);
  });
  it('uses one threshold for all series', () => {
    const noise = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [900 + i, 0.9]));
    const noisy = series({ 400: 0.4, ...noise });
    const both = nabScore([series({ 400: 1 }), noisy], profile);
    expect(both.threshold).toBe(1);
    expect(both.score).toBeCloseTo(50, 6);
  });
});

describe('pair statistics', () => {
  it('judge a fold by the threshold of the others', () => {
    const fold = (number: number, shift: number) =>
      [0.1, 0.2, 0.6, 0.7].map((cosine) => ({ fold: number, same: cosine > 0.5, cosine: cosine + shift }));
    expect(accuracyByFold([...fold(0, 0), ...fold(1, 0)])).toEqual({ mean: 1, deviation: 0 });
    expect(accuracyByFold([...fold(0, 0), ...fold(1, 0.3)]).mean).toBe((0.75 + 0.5) / 2);
  });
  it('find the threshold that a share of impostors reaches', () => {
    const impostors = Float32Array.from({ length: 1000 }, (_, i) => i / 1000);
    const { threshold, share } = rateAtFalseMatches([0.5, 0.98, 0.995], impostors, 0.01);
    expect(threshold).toBeCloseTo(0.989, 4);
    expect(share).toBeCloseTo(1 / 3, 6);
  });
});
