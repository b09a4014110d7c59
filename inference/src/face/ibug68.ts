import type { Point } from '../frame/frame.ts';
import type { FivePoints } from './observation.ts';

/** Turns the raw output of a landmark model into five points in 0 … 1 of the crop. */
export type LandmarkDecoder = (output: Float32Array) => FivePoints;

/** Eye centres from the lids, nose tip, mouth corners (outer and inner) of the 68 iBUG points. */
export const ibug68ToFive: LandmarkDecoder = (output) => {
  const mean = (...indices: readonly number[]): Point => ({
    x: indices.reduce((sum, i) => sum + (output[2 * i] ?? Number.NaN), 0) / indices.length,
    y: indices.reduce((sum, i) => sum + (output[2 * i + 1] ?? Number.NaN), 0) / indices.length,
  });
  return [mean(37, 38, 40, 41), mean(43, 44, 46, 47), mean(30), mean(48, 60), mean(54, 64)];
};
