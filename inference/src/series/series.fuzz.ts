import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WatchpostError } from '@watchpost/contracts/errors';
import { createRandom, damage } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import { plainModel } from '../testing/plain-model.ts';
import { LearningSeries } from './learning-series.ts';
import { residualOf, windowLength } from './sequence/sequence-model.ts';
import { decodeSequenceModel, encodeSequenceModel } from './sequence/sequence-model-file.ts';
import { createSeriesDetector, type SeriesVerdict } from './series-detector.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const random = createRandom(20_260_202);
const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T;
const odd = [Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, 1e308, -1e308, 1e15, 0, -0, 5e-324];

/** Times that repeat, go back, leap and are none; values of any size. */
function hostilePoint(i: number): [number, number] {
  const time = random() < 0.15 ? pick([...odd.filter((value) => !(value > 1e14)), i, 1]) : i * 1000;
  const value = random() < 0.2 ? pick(odd) : (random() - 0.5) * 10 ** Math.floor(random() * 300 - 150);
  return [random() < 0.001 ? time + 1e9 : time, value];
}

/** Not by `expect` for each point, which takes longer than the detector. */
function isDefined({ score, reason, expected, by, ready, usual }: SeriesVerdict): boolean {
  return (
    score >= 0 &&
    score <= 1 &&
    score >= 0.1 === (reason !== null) &&
    typeof expected === 'number' &&
    (by === 'statistics' || by === 'sequence') &&
    typeof ready === 'boolean' &&
    typeof usual === 'boolean'
  );
}

describe(`${runs} hostile inputs`, () => {
  it.each(['statistical', 'sequence', 'combined'] as const)(
    'as points give defined verdicts: %s',
    async (judge) => {
      let trained = 0;
      const make = () =>
        new LearningSeries({
          series: 's',
          judge,
          train: async ({ values, timesMs }) => {
            trained++;
            const ordered = timesMs.every((time, i) => i === 0 || time > (timesMs[i - 1] as number));
            if (!ordered || !values.every(Number.isFinite)) expect(values).toBe('finite and in order');
            return plainModel('s');
          },
          onFailure: (error) => {
            throw error;
          },
        });
      let series = make();
      for (let i = 0; i < runs; i++) {
        // A time near the end of all leaves nothing to come after it.
        if (i % 5000 === 0) series = make();
        const point = hostilePoint(i % 5000);
        const verdict = series.observe(...point);
        if (!isDefined(verdict)) expect({ point, verdict }).toBe('defined');
        if (series.training) await series.training;
      }
      expect(trained > 0).toBe(judge !== 'statistical');
    },
  );

  it('as model files are refused with a code, or are what was written', () => {
    const bytes = encodeSequenceModel(plainModel('s'));
    let accepted = 0;
    for (let i = 0; i < runs; i++) {
      const input = damage(bytes, random);
      try {
        decodeSequenceModel(input);
        accepted++;
        // Only what the hash does not cover, and only where it means the same, may differ.
        expect(Buffer.from(input).toString().split('\n')[1]).toBe(bytes.toString().split('\n')[1]);
      } catch (error) {
        if (!(error instanceof WatchpostError)) throw error;
      }
    }
    expect(accepted).toBeLessThan(runs / 100);
  });

  it('as models with a right hash are refused with a code, or judge', () => {
    const [head = '', body = ''] = encodeSequenceModel({
      ...plainModel('s'),
      calibration: Float32Array.of(1, 2, 3),
    })
      .toString()
      .split('\n');
    const window = Float32Array.from({ length: windowLength }, (_, i) => i / 5);
    let accepted = 0;
    for (let i = 0; i < runs; i++) {
      const text = Buffer.from(damage(Buffer.from(body), random)).toString();
      const sha256 = createHash('sha256').update(text).digest('hex');
      try {
        const model = decodeSequenceModel(
          Buffer.from(`${JSON.stringify({ ...JSON.parse(head), sha256 })}\n${text}`),
        );
        accepted++;
        if (typeof residualOf(model, window) !== 'number') expect(model).toBe('usable');
        if (accepted % 50 === 0) {
          const detector = createSeriesDetector({ warmup: 5 });
          detector.useModel(model, 'combined');
          for (let k = 0; k < 60; k++)
            if (!isDefined(detector.observe(k * 60_000, 20 + (k % 7)))) expect(model).toBe('judging');
        }
      } catch (error) {
        if (!(error instanceof WatchpostError)) throw error;
      }
    }
    expect(accepted).toBeGreaterThan(100);
    expect(accepted).toBeLessThan(runs);
  });
});

it('a million points take no more memory than a hundred thousand', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const held = () => {
    for (let i = 0; i < 3; i++) collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const detector = createSeriesDetector();
  detector.useModel(plainModel('s'), 'combined');
  const feed = (from: number, to: number) => {
    for (let i = from; i < to; i++) detector.observe(i * 60_000, 20 + Math.sin(i / 50) + random() + i / 1e5);
  };
  feed(0, 100_000);
  const before = held();
  feed(100_000, 1_000_000);
  // One number kept of each point would be 7.2 MB; the test runner's own heap moves by about one.
  expect(held() - before).toBeLessThan(3_000_000);
});
