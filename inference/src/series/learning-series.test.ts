import { createRandom } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import { plainModel } from '../testing/plain-model.ts';
import { LearningSeries, type LearningSeriesOptions } from './learning-series.ts';
import type { SeriesPoints } from './sequence/training-data.ts';

const minute = 60_000;
const random = createRandom(5);
const noise = Float64Array.from({ length: 5000 }, () => 2 * random() - 1);

function learner(options: Partial<LearningSeriesOptions> = {}) {
  const trained: SeriesPoints[] = [];
  const failures: unknown[] = [];
  const series = new LearningSeries({
    series: 'hall',
    judge: 'sequence',
    train: async (points) => {
      trained.push(points);
      return plainModel('hall');
    },
    onFailure: (error) => failures.push(error),
    ...options,
  });
  let at = 0;
  const feed = async (
    count: number,
    value = (i: number) => 20 + (noise[i % noise.length] ?? 0),
    step = minute,
  ) => {
    for (let i = 0; i < count; i++) {
      at += step;
      series.observe(at, value(i));
      if (series.training) await series.training;
    }
  };
  return { series, trained, failures, feed };
}

describe('LearningSeries', () => {
  it('trains on 300 points, again on four times as many, and keeps the last 2,000', async () => {
    const { series, trained, feed } = learner();
    await feed(299);
    expect(trained.length).toBe(0);
    await feed(1);
    expect(series.model?.training.series).toBe('hall');
    await feed(4600);
    expect(trained.map(({ values }) => values.length)).toEqual([300, 1200, 2000]);
  });

  it('judges with the model from then on', async () => {
    const { series, feed } = learner();
    await feed(400);
    const verdict = series.observe(401 * minute, 200);
    expect(verdict).toMatchObject({ by: 'sequence' });
    expect(verdict.score).toBeGreaterThan(0.5);
  });

  it('does not train where statistics were measured to be better', async () => {
    const { series, trained, feed } = learner({ judge: 'measured' });
    await feed(2000);
    expect(trained.length).toBe(0);
    expect(series.seriesClass).toBe('noisy');
  });

  it('does not learn from what was found unusual, nor from what is no value', async () => {
    const { trained, feed } = learner();
    await feed(250);
    await feed(3, () => 90);
    await feed(10, () => Number.NaN);
    await feed(47);
    const { values, normal } = trained[0]!;
    expect(values.length).toBe(300);
    const odd = Array.from(values.keys()).filter((i) => normal[i] === 0);
    expect(odd).toContain(250);
    expect(odd.length).toBeLessThan(20);
  });

  it('trains again when a week has passed', async () => {
    const { trained, feed } = learner({ retrainEveryMs: 400 * minute });
    await feed(750);
    expect(trained.length).toBe(2);
  });

  it('goes on with a model of an earlier run', async () => {
    const { series, trained, feed } = learner();
    series.adopt(plainModel('hall'));
    await feed(400);
    expect(trained.length).toBe(0);
    expect(series.observe(401 * minute, 200).by).toBe('sequence');
  });

  it('starts anew when points come at another pace', async () => {
    const { series, trained, feed } = learner();
    await feed(400);
    expect(trained.length).toBe(1);
    await feed(100, undefined, 5 * minute);
    expect(series.model).toBeNull();
    await feed(300, undefined, 5 * minute);
    expect(trained.length).toBe(2);
  });

  it('goes on by statistics when training fails, and tries again', async () => {
    let attempts = 0;
    const { series, failures, feed } = learner({
      train: async () => {
        attempts++;
        throw new Error('no memory');
      },
    });
    await feed(1300);
    expect(attempts).toBe(2);
    expect(failures.length).toBe(2);
    expect(series.model).toBeNull();
    expect(series.observe(1301 * minute, 200)).toMatchObject({ by: 'statistics', reason: 'spike' });
  });

  it('goes on when the clock was set back', async () => {
    const { series, trained } = learner();
    const feed = async (from: number, count: number) => {
      for (let i = 0; i < count; i++) {
        series.observe(from + i * minute, 20 + noise[i]!);
        if (series.training) await series.training;
      }
    };
    await feed(1e12, 250);
    await feed(0, 319);
    expect(trained.length).toBe(1);
    expect(trained[0]!.timesMs[0]).toBe(19 * minute);
    expect(series.model).not.toBeNull();
  });

  it('keeps points in order when their times are not', async () => {
    const { series, trained, feed } = learner();
    await feed(299);
    for (const time of [0, Number.NaN, Infinity, 299 * minute]) series.observe(time, 20);
    await feed(1);
    const { timesMs } = trained[0]!;
    expect(timesMs.length).toBe(300);
    expect(timesMs.every((time, i) => i === 0 || time > timesMs[i - 1]!)).toBe(true);
  });
});
