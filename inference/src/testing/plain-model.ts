import { layerUnits, type SequenceModel, windowLength } from '../series/sequence/sequence-model.ts';

/** A model that was never trained: all weights 0, so that what it leaves over is the window itself. */
export function plainModel(series: string): SequenceModel {
  return {
    scaler: { center: 20, scale: 2 },
    layers: layerUnits.map((outputs, i) => {
      const inputs = layerUnits[i - 1] ?? windowLength;
      return {
        inputs,
        outputs,
        activation: i + 1 < layerUnits.length ? 'tanh' : 'linear',
        kernel: new Float32Array(inputs * outputs),
        bias: new Float32Array(outputs),
      };
    }),
    calibration: Float32Array.from({ length: 100 }, (_, i) => 0.2 + (i % 20) / 100),
    training: {
      series,
      seriesClass: 'seasonal',
      fromMs: 0,
      toMs: 1,
      cadenceMs: 60_000,
      points: 300,
      seed: 1,
      loss: 0.1,
      backend: 'wasm',
    },
  };
}
