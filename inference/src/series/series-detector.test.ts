import { createRandom } from '@watchpost/service/testing/damage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainModel } from '../testing/plain-model.ts';
import { wavePoints } from '../testing/series-samples.ts';
import { Novelty } from './novelty.ts';
import { SeasonFinder } from './season-finder.ts';
import { openTensors } from './sequence/tensor-backend.ts';
import { trainSequenceModel } from './sequence/train-sequence-model.ts';
import { createSeriesDetector, type SeriesVerdict } from './series-detector.ts';

const minute = 60_000;
const random = createRandom(7);
const numbers = Float64Array.from({ length: 20_000 }, () => 2 * random() - 1);
/** Repeatable noise of −1 … 1. */
const noise = (i: number) => numbers[i % numbers.length] ?? 0;

function run(
  length: number,
  value: (i: number) => number,
  time = (i: number) => i * minute,
): SeriesVerdict[] {
  const detector = createSeriesDetector();
  return Array.from({ length }, (_, i) => detector.observe(time(i), value(i)));
}
const peak = (verdicts: readonly SeriesVerdict[]) => verdicts.reduce((a, b) => (b.score > a.score ? b : a));

describe('createSeriesDetector', () => {
  it('is silent while it warms up and calm on ordinary noise', () => {
    const verdicts = run(1500, (i) => 20 + noise(i));
    expect(verdicts[0]).toMatchObject({ score: 0, ready: false, reason: null });
    expect(verdicts.filter(({ score }) => score >= 0.5).length).toBeLessThanOrEqual(3);
    expect(verdicts.at(-1)).toMatchObject({ ready: true });
    expect(Math.abs(verdicts.at(-1)!.expected - 20)).toBeLessThan(1);
  });

  /** The first alarm after 1,000 points of noise around 20. */
  function toldAfter(value: (i: number) => number, time = (i: number) => i * minute): SeriesVerdict {
    const verdicts = run(1300, (i) => (i < 1000 ? 20 + noise(i) : value(i)), time);
    expect(peak(verdicts.slice(150, 1000)).score).toBeLessThan(0.6);
    return verdicts.slice(1000).find(({ score }) => score >= 0.5)!;
  }

  it('names a spike', () => {
    expect(toldAfter((i) => (i === 1100 ? 60 : 20 + noise(i)))).toMatchObject({ reason: 'spike' });
  });

  it('names a new level that is reached without a jump', () => {
    expect(toldAfter((i) => 21.6 + noise(i))).toMatchObject({ reason: 'level' });
  });

  it('names a drift: a value beyond all before that was reached gradually', () => {
    let walk = 20;
    const wander = Array.from({ length: 1200 }, (_, i) => {
      walk += 0.1 * (20 - walk) + 0.05 * noise(i);
      return i < 1000 ? walk : walk + (i - 1000) / 60;
    });
    const told = run(1200, (i) => wander[i]!)
      .slice(1000)
      .find(({ score }) => score >= 0.5);
    expect(told).toMatchObject({ reason: 'drift' });
  });

  it('names a flat line within the usual range', () => {
    expect(toldAfter(() => 20.3)).toMatchObject({ reason: 'flat' });
  });

  it('names missing data: a gap, and values that are none', () => {
    const late = run(
      1000,
      (i) => 20 + noise(i),
      (i) => (i < 999 ? i : i + 60) * minute,
    ).at(-1);
    expect(late).toMatchObject({ reason: 'missing' });
    expect(toldAfter(() => Number.NaN)).toMatchObject({ reason: 'missing' });
  });

  it('misses a daily peak that does not come, and names the season', () => {
    const day = (i: number) =>
      20 + (Math.floor(i / 60) % 24 >= 9 && Math.floor(i / 60) % 24 < 18 ? 15 : 0) + noise(i);
    const verdicts = run(1440 * 11, (i) => (i >= 1440 * 10 ? 20 + noise(i) : day(i)));
    const told = verdicts.slice(1440 * 10).find(({ score }) => score >= 0.5);
    expect(told).toMatchObject({ reason: 'season' });
    expect(told!.expected).toBeGreaterThan(30);
    expect(peak(verdicts.slice(1440 * 3, 1440 * 10)).score).toBeLessThan(0.5);
  });

  it('finds a season that is not a day, and misses a cycle that does not come', () => {
    const cycle = (i: number) => 20 + 10 * Math.sin((2 * Math.PI * i) / 100) + noise(i);
    const finder = new SeasonFinder();
    for (let i = 0; i < 1000; i++) finder.observe(cycle(i));
    expect(Math.abs(finder.period! - 100)).toBeLessThan(0.5);
    const verdicts = run(3200, (i) => (i >= 3000 ? 20 + noise(i) : cycle(i)));
    expect(Math.abs(verdicts[2925]!.expected - 30)).toBeLessThan(2);
    expect(verdicts.slice(3000).find(({ score }) => score >= 0.5)).toMatchObject({ reason: 'season' });
    expect(verdicts.slice(1500, 3000).filter(({ score }) => score >= 0.5).length).toBeLessThanOrEqual(2);
  });

  it('finds no season in noise, a constant or a ramp', () => {
    for (const value of [noise, () => 7, (i: number) => i, () => 1e308]) {
      const finder = new SeasonFinder();
      for (let i = 0; i < 2000; i++) finder.observe(value(i));
      expect(finder.period).toBeNull();
    }
  });

  it('with a model judges the order of values too; without it again does not', async () => {
    const { values, timesMs, normal } = wavePoints(900);
    const tensors = await openTensors(['wasm']);
    const learnt = { timesMs, values, normal: normal.map((_, i) => (i < 400 ? 1 : 0)) };
    const model = await trainSequenceModel(tensors, learnt, { series: 's', seriesClass: 'seasonal' });
    const told = (judge: 'sequence' | 'combined' | null) => {
      const detector = createSeriesDetector();
      detector.useModel(judge && model, judge ?? 'statistical');
      // From 800 on the wave stands on its head: no value is new.
      const verdicts = [...values].map((value, i) =>
        detector.observe(timesMs[i]!, i < 800 ? value : 40 - value),
      );
      expect(verdicts.slice(500, 800).filter(({ score }) => score >= 0.5).length).toBeLessThanOrEqual(1);
      return verdicts.slice(800, 830).find(({ score }) => score >= 0.5);
    };
    expect(told('sequence')).toMatchObject({ by: 'sequence', reason: 'season' });
    expect(told('combined')).toMatchObject({ by: 'sequence' });
    expect(told(null)?.by).not.toBe('sequence');
  });

  it('by default judges with a model as measured for its class', () => {
    const one = createSeriesDetector();
    const other = createSeriesDetector();
    one.useModel(plainModel('s'));
    for (let i = 0; i < 500; i++) {
      const value = i === 400 ? 90 : 20 + noise(i);
      expect(one.observe(i * minute, value)).toEqual(other.observe(i * minute, value));
    }
  });

  it('speaks once per episode', () => {
    const told = run(1060, (i) => (i >= 1000 ? 30 : 20) + noise(i)).filter(({ score }) => score >= 0.5);
    expect(told.length).toBeGreaterThanOrEqual(1);
    expect(told.length).toBeLessThanOrEqual(3);
  });

  it('keeps its memory bounded', () => {
    const novelty = new Novelty();
    for (let i = 0; i < 5000; i++) novelty.observe(noise(i) * 100);
    expect(novelty.remembered).toBeLessThanOrEqual(500);
  });

  it('counts NaN and infinity as missing and recovers', () => {
    const verdicts = run(1020, (i) =>
      i >= 1000 && i < 1010 ? [Number.NaN, Infinity, -Infinity][i % 3]! : 20 + noise(i),
    );
    expect(verdicts[1009]).toMatchObject({ score: 1, reason: 'missing' });
    expect(verdicts[1019]!.score).toBeLessThan(0.5);
    expect(Math.abs(verdicts[1019]!.expected - 20)).toBeLessThan(1);
  });

  it('ignores duplicate, earlier and impossible timestamps', () => {
    const detector = createSeriesDetector();
    for (let i = 0; i < 500; i++) detector.observe(i * minute, 20 + noise(i));
    for (const time of [499 * minute, 0, -1, Number.NaN, Infinity]) {
      expect(detector.observe(time, 1e9)).toMatchObject({ score: 0, reason: null });
    }
    expect(detector.observe(500 * minute, 20).score).toBeLessThan(0.5);
  });

  it('counts a gap that no number can hold in usual intervals as a very long one', () => {
    const detector = createSeriesDetector({ warmup: 5 });
    for (let i = 0; i < 30; i++) detector.observe(i * Number.MIN_VALUE, 20 + noise(i));
    expect(detector.observe(minute, 20)).toMatchObject({ reason: 'missing' });
    expect(detector.observe(2 * minute, 20).score).toBeGreaterThanOrEqual(0);
  });

  it('gives a defined verdict for anything', () => {
    const any = fc.tuple(fc.double(), fc.oneof(fc.double(), fc.constant(0), fc.double({ min: -1, max: 1 })));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 300 }), (points) => {
        const detector = createSeriesDetector({ warmup: 5 });
        for (const [i, [time, value]] of points.entries()) {
          const { score, expected } = detector.observe(i % 3 === 0 ? time : i * minute, value);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(typeof expected).toBe('number');
        }
      }),
    );
  });
});
