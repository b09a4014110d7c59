import type { RunningTraining, SeriesPoints } from '@watchpost/inference';
import { expect, it } from 'vitest';
import { SequenceTrainer } from './sequence-trainer.ts';

const points: SeriesPoints = {
  timesMs: new Float64Array(),
  values: new Float64Array(),
  normal: new Uint8Array(),
};
const job = (series: string) => ({ series, seriesClass: 'noisy' }) as const;

/** Trainings that end when told to. */
function trainings() {
  const under: { series: string; end: () => void; fail: (error: Error) => void }[] = [];
  const start = (_: SeriesPoints, { series }: { series: string }): RunningTraining => {
    const { promise, resolve, reject } = Promise.withResolvers<null>();
    under.push({ series, end: () => resolve(null), fail: reject });
    return { model: promise, stop: () => reject(new Error('stopped')) };
  };
  return { under, trainer: new SequenceTrainer(start) };
}

it('trains one after the other, also after one that failed', async () => {
  const { under, trainer } = trainings();
  const [a, b, c] = ['a', 'b', 'c'].map((series) => trainer.train(points, job(series)));
  await Promise.resolve();
  expect(under.map(({ series }) => series)).toEqual(['a']);
  under[0]!.fail(new Error('no memory'));
  await expect(a).rejects.toThrow('no memory');
  await expect.poll(() => under.map(({ series }) => series)).toEqual(['a', 'b']);
  under[1]!.end();
  expect(await b).toBeNull();
  await expect.poll(() => under.length).toBe(3);
  under[2]!.end();
  expect(await c).toBeNull();
});

it('stops the one under way and starts no other', async () => {
  const { under, trainer } = trainings();
  const [a, b] = ['a', 'b'].map((series) => trainer.train(points, job(series)));
  await Promise.resolve();
  trainer.stop();
  await expect(a).rejects.toThrow('stopped');
  await expect(b).rejects.toMatchObject({ code: 'inference.sequence_training', path: '/b' });
  expect(under.length).toBe(1);
});
