import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
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

it('TensorFlow.js is not in memory until something is trained', async () => {
  const library = JSON.stringify(import.meta.resolve('../../index.ts'));
  const backend = JSON.stringify(import.meta.resolve('./tensor-backend.ts'));
  const script = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire(import.meta.url);
    const loaded = () => Object.keys(cache).some((file) => file.includes('@tensorflow'));
    await import(${library});
    const before = loaded();
    await (await import(${backend})).openTensors();
    console.log(before, loaded());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.trim()).toBe('false true');
});
