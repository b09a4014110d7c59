import type { Frame } from '../frame/frame.ts';
import { type Affine, resample } from '../frame/resample.ts';
import type { OnnxModel } from '../models/open-session.ts';

/** Unit-length embedding of the aligned face; null when the model's output is not a direction (zero or not finite). */
export async function embedFace(
  model: OnnxModel,
  frame: Frame,
  aligned: Affine,
): Promise<Float32Array | null> {
  const { width, height } = model.manifest.input;
  resample(frame, aligned, width, height, model.manifest.input, model.input);
  const output = Object.values(await model.run())[0];
  return output ? unitLength(output) : null;
}

/** A copy of length 1; null for zero or non-finite vectors. */
export function unitLength(vector: Float32Array): Float32Array | null {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 1e-20 && squares < Number.POSITIVE_INFINITY)) return null;
  const factor = 1 / Math.sqrt(squares);
  return vector.map((value) => value * factor);
}
