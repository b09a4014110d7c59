import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Sequential } from '@tensorflow/tfjs-layers';
import type { SeriesClass } from '../series-class.ts';
import { type DenseLayer, layerUnits, type SequenceModel, windowLength } from './sequence-model.ts';
import type { TensorLibrary } from './tensor-backend.ts';
import { type SeriesPoints, type TrainingWindows, windowsOf } from './training-data.ts';

/** What a training may be told. */
export interface TrainingOptions {
  /** Name of the series, kept in the model. */
  readonly series: string;
  /** Class of the series, kept in the model: it decides whether the model or the statistics judge. */
  readonly seriesClass: SeriesClass;
  /** Of the first weights; the same seed, points and backend give the same model. Default 1. */
  readonly seed?: number;
  /** Passes over all windows; default 60. */
  readonly epochs?: number;
}

/**
 * Part of the windows, the oldest, that is learnt from; the rest is only calibrated with, so that its
 * residuals are honest ones.
 */
const learntShare = 0.75;
const learningRate = 0.01;

/**
 * Trains on the normal points of a series. At most 2,000 windows of 24 in one batch per pass: bounded in time
 * and memory, and without any shuffling to be repeatable. Gives way to the event loop after each pass (some 5
 * ms) and leaves no tensor behind.
 * @returns null when fewer than 100 windows are free of gaps and odd points.
 */
export async function trainSequenceModel(
  tensors: TensorLibrary,
  points: SeriesPoints,
  { series, seriesClass, seed = 1, epochs = 60 }: TrainingOptions,
): Promise<SequenceModel | null> {
  const windows = windowsOf(points);
  if (!windows) return null;
  const { core, backend } = tensors;
  const learnt = Math.floor(learntShare * windows.count);
  const input = core.tensor2d(windows.data.subarray(0, learnt * windowLength), [learnt, windowLength]);
  const optimizer = core.train.adam(learningRate);
  const network = networkOf(tensors, seed);
  try {
    network.compile({ optimizer, loss: 'meanSquaredError' });
    const {
      history: { loss: losses },
    } = await network.fit(input, input, {
      epochs,
      batchSize: learnt,
      shuffle: false,
      verbose: 0,
      yieldEvery: 'epoch',
    });
    const layers = await layersOf(network);
    return {
      scaler: windows.scaler,
      layers,
      calibration: await residualsOf(tensors, layers, windows),
      training: {
        series,
        seriesClass,
        fromMs: points.timesMs[0] as number,
        toMs: points.timesMs.at(-1) as number,
        cadenceMs: windows.cadenceMs,
        points: points.values.length,
        seed,
        loss: Number(losses?.at(-1)),
        backend,
      },
    };
  } finally {
    network.dispose();
    optimizer.dispose();
    input.dispose();
  }
}

/** The residual of each window as TensorFlow.js computes it; `residualOf` must agree. */
export async function residualsOf(
  { core }: TensorLibrary,
  layers: readonly DenseLayer[],
  { count, data }: Pick<TrainingWindows, 'count' | 'data'>,
): Promise<Float32Array> {
  const result = core.tidy(() => {
    const input = core.tensor2d(data, [count, windowLength]);
    const drawn = layers.reduce((signal, { inputs, outputs, activation, kernel, bias }) => {
      const sum = core.add<Tensor2D>(core.matMul(signal, core.tensor2d(kernel, [inputs, outputs])), bias);
      return activation === 'tanh' ? core.tanh(sum) : sum;
    }, input);
    return core.sqrt(core.mean(core.squaredDifference(drawn, input), 1));
  });
  const residuals = Float32Array.from(await result.data());
  result.dispose();
  return residuals;
}

function networkOf({ layers }: TensorLibrary, seed: number): Sequential {
  return layers.sequential({
    layers: layerUnits.map((units, i) =>
      layers.layers.dense({
        units,
        inputShape: [layerUnits[i - 1] ?? windowLength],
        activation: i + 1 < layerUnits.length ? 'tanh' : 'linear',
        kernelInitializer: layers.initializers.glorotUniform({ seed: 100 * seed + i }),
      }),
    ),
  });
}

async function layersOf(network: Sequential): Promise<DenseLayer[]> {
  // Kernel and bias of each layer in turn; they belong to the network.
  const arrays = await Promise.all(
    network.getWeights().map(async (tensor) => Float32Array.from(await tensor.data())),
  );
  return layerUnits.map((outputs, i) => ({
    inputs: layerUnits[i - 1] ?? windowLength,
    outputs,
    activation: i + 1 < layerUnits.length ? 'tanh' : 'linear',
    kernel: arrays[2 * i] as Float32Array,
    bias: arrays[2 * i + 1] as Float32Array,
  }));
}
