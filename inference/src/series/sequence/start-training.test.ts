import { expect, it } from 'vitest';
import { wavePoints } from '../../testing/series-samples.ts';
import { startTraining } from './start-training.ts';
import { openTensors } from './tensor-backend.ts';
import { trainSequenceModel } from './train-sequence-model.ts';

const options = { series: 'wave', seriesClass: 'seasonal', epochs: 5 } as const;

it('a process of its own gives the model that this one would', async () => {
  const points = wavePoints(300);
  const there = await startTraining(points, options).model;
  const here = await trainSequenceModel(await openTensors(), points, options);
  expect(there).toEqual(here);
  expect(there?.layers[0]?.kernel.some((weight) => weight !== 0)).toBe(true);
});

it('too little to learn from is no model and no error', async () => {
  expect(await startTraining(wavePoints(50), options).model).toBeNull();
});

it('stopped, it says that the training failed', async () => {
  const training = startTraining(wavePoints(300), options);
  training.stop();
  await expect(training.model).rejects.toMatchObject({ code: 'inference.sequence_training', path: '/wave' });
});
