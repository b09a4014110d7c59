import { beforeAll, describe, expect, it } from 'vitest';
import { wavePoints } from '../../testing/series-samples.ts';
import { residualOf, type SequenceModel, scaled, windowLength } from './sequence-model.ts';
import { openTensors, type TensorBackend } from './tensor-backend.ts';
import { residualsOf, trainSequenceModel } from './train-sequence-model.ts';
import { type SeriesPoints, windowsOf } from './training-data.ts';

const points = wavePoints(400);
const options = { series: 'wave', seriesClass: 'seasonal', epochs: 40 } as const;

async function train(backend: TensorBackend, seed = 1): Promise<SequenceModel> {
  return (await trainSequenceModel(await openTensors([backend]), points, { ...options, seed }))!;
}

/** What the model leaves over of every window, by the loop that gateways run. */
function plainResiduals(model: SequenceModel, { values }: SeriesPoints): number[] {
  return Array.from({ length: values.length - windowLength + 1 }, (_, at) =>
    residualOf(
      model,
      Float32Array.from(values.slice(at, at + windowLength), (value) => scaled(value, model.scaler)),
    ),
  );
}
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

describe('trainSequenceModel', () => {
  let model: SequenceModel;
  beforeAll(async () => {
    model = await train('wasm');
  });

  it('learns the pattern: what it was trained on leaves little over, the same values in another order much', () => {
    const usual = plainResiduals(model, points);
    const mean = usual.reduce((sum, residual) => sum + residual / usual.length, 0);
    const sorted = Float32Array.from(points.values.slice(0, windowLength).sort(), (value) =>
      scaled(value, model.scaler),
    );
    expect(mean).toBeLessThan(0.35);
    expect(residualOf(model, sorted)).toBeGreaterThan(2 * mean);
    expect(model.training).toMatchObject({ series: 'wave', cadenceMs: 60_000, points: 400, backend: 'wasm' });
  });

  it('gives the same model for the same seed and another for another', async () => {
    expect(await train('wasm')).toEqual(model);
    expect((await train('wasm', 2)).layers).not.toEqual(model.layers);
  });

  it('leaves no tensor behind', async () => {
    const tensors = await openTensors(['wasm']);
    const before = tensors.core.memory().numTensors;
    await trainSequenceModel(tensors, points, options);
    expect(tensors.core.memory().numTensors).toBe(before);
  });

  it('gives way to others after each pass', async () => {
    let turns = 0;
    let training = true;
    const turn = () => {
      turns++;
      if (training) setImmediate(turn);
    };
    turn();
    await train('wasm');
    training = false;
    expect(turns).toBeGreaterThanOrEqual(options.epochs);
  });

  it('learns from no window with an odd point or a gap, and from too few not at all', async () => {
    const odd = { ...points, normal: points.normal.map((_, i) => (i === 200 ? 0 : 1)) };
    expect(windowsOf(points)!.count).toBe(400 - windowLength + 1);
    expect(windowsOf(odd)!.count).toBe(400 - 2 * windowLength + 1);
    const gap = { ...points, timesMs: points.timesMs.map((time, i) => (i < 200 ? time : time + 600_000)) };
    expect(windowsOf(gap)!.count).toBe(400 - 2 * (windowLength - 1));
    expect(await trainSequenceModel(await openTensors(['wasm']), wavePoints(110), options)).toBeNull();
  });

  it('does for a constant and for values near the end of the range', async () => {
    const tensors = await openTensors(['wasm']);
    for (const value of [7, 0, 1e308, -1e308]) {
      const flat = { ...points, values: points.values.map((_, i) => (i % 2 && value > 1 ? -value : value)) };
      const trained = await trainSequenceModel(tensors, flat, { ...options, epochs: 2 });
      if (trained) expect(trained.calibration.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('backends', () => {
  it('agree: WebAssembly, plain JavaScript and the loop without a library', async () => {
    const [wasm, cpu] = [await train('wasm'), await train('cpu')];
    expect(cpu.training.backend).toBe('cpu');
    expect(Math.abs(wasm.training.loss - cpu.training.loss)).toBeLessThan(1e-3 * cpu.training.loss);
    expect(furthest(wasm.calibration, cpu.calibration)).toBeLessThan(1e-3);
    const windows = windowsOf(points)!;
    for (const backend of ['wasm', 'cpu'] as const) {
      const tensors = await openTensors([backend]);
      expect(
        furthest(await residualsOf(tensors, wasm.layers, windows), plainResiduals(wasm, points)),
      ).toBeLessThan(1e-5);
    }
  });

  it('agree: native and WebAssembly', async ({ skip }) => {
    const native = await train('tensorflow').catch(() => null);
    if (!native) skip('@tensorflow/tfjs-node is not installed');
    const wasm = await train('wasm');
    expect(native!.training.backend).toBe('tensorflow');
    expect(furthest(native!.calibration, wasm.calibration)).toBeLessThan(1e-3);
  });

  it('are tried in turn: one that is missing, and one that does not compute, are passed over', async () => {
    const tried: string[] = [];
    const { backend } = await openTensors(['tensorflow', 'wasm', 'cpu'], {
      tensorflow: async () => {
        tried.push('tensorflow');
        throw new Error('not installed');
      },
      wasm: async () => void tried.push('wasm'),
      cpu: async () => void tried.push('cpu'),
    });
    expect({ backend, tried }).toEqual({ backend: 'wasm', tried: ['tensorflow', 'wasm'] });
    await expect(openTensors([])).rejects.toThrow('no tensor backend works');
  });
});
