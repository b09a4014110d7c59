import type { SeriesClass } from '../series-class.ts';

/** Values that the network sees at once. */
export const windowLength = 24;
/** Units of its layers: the window is squeezed through four numbers and drawn again. */
export const layerUnits = [16, 4, 16, windowLength] as const;
/** Most points that a model is trained on and calibrated with. */
export const mostPoints = 2000;
/** Fewer windows than this are not worth a model. */
export const leastWindows = 100;

/** One fully connected layer; `kernel` is row-major, `[inputs, outputs]`. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: 'tanh' | 'linear';
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Values are looked at as `(value − center) / scale`, cut at ±5. */
export interface Scaler {
  readonly center: number;
  /** Positive. */
  readonly scale: number;
}

/** Where a model comes from. */
export interface Training {
  /** The series it was trained on, e.g. `temp1/temperature`. */
  readonly series: string;
  readonly seriesClass: SeriesClass;
  /** First and last point, milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Usual distance of points in milliseconds. */
  readonly cadenceMs: number;
  readonly points: number;
  readonly seed: number;
  /** Mean squared error at the end, in squared scaled units. */
  readonly loss: number;
  /** The backend that trained it. */
  readonly backend: string;
}

/**
 * A dense autoencoder over the last 24 values of one series: what it cannot draw again is unlike what it was
 * trained on.
 */
export interface SequenceModel {
  readonly scaler: Scaler;
  readonly layers: readonly DenseLayer[];
  /**
   * What drawing the normal windows again left over (root mean square, scaled units), in time order; a new
   * residual is judged against them.
   */
  readonly calibration: Float32Array;
  readonly training: Training;
}

const cut = 5;

/** Finite for every finite value. */
export function scaled(value: number, { center, scale }: Scaler): number {
  return Math.max(-cut, Math.min(cut, (value - center) / scale));
}

/**
 * What the model cannot draw again of `window` (24 scaled values, oldest first): root mean square. Four small
 * matrix products, written out so that a gateway that only judges needs no tensor library in memory; a test
 * holds it to TensorFlow.js on every backend.
 */
export function residualOf({ layers }: SequenceModel, window: Float32Array): number {
  let signal: Float32Array = window;
  for (const layer of layers) signal = through(layer, signal);
  let sum = 0;
  for (let i = 0; i < window.length; i++) sum += ((window[i] as number) - (signal[i] as number)) ** 2;
  return Math.sqrt(sum / window.length);
}

function through(
  { inputs, outputs, activation, kernel, bias }: DenseLayer,
  input: Float32Array,
): Float32Array {
  const result = Float32Array.from(bias);
  for (let i = 0; i < inputs; i++) {
    const value = input[i] as number;
    for (let o = 0; o < outputs; o++)
      result[o] = (result[o] as number) + value * (kernel[i * outputs + o] as number);
  }
  return activation === 'tanh' ? result.map(Math.tanh) : result;
}
