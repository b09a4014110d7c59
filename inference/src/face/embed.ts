import type { Frame } from '../frame/frame.ts';
import { resample } from '../frame/resample.ts';
import type { Affine, PixelCoding } from '../frame/sampling.ts';
import { firstOutput, type OnnxModel } from '../models/open-session.ts';

/** Draws the aligned face into the recogniser's input and returns that input. */
export function cropFace(model: OnnxModel, frame: Frame, aligned: Affine): Float32Array {
  const { width, height } = model.manifest.input;
  resample(frame, aligned, width, height, model.manifest.input, model.input);
  return model.input;
}

/** Brightness 0 … 255 of a recogniser input, 112 × 112; saves drawing the face a second time. */
export function lumaOf(input: Float32Array, { colour, mean, scale }: PixelCoding): Float32Array {
  const plane = colour === 'GRAY' ? input.length : input.length / 3;
  const blue = colour === 'RGB' ? 2 * plane : 0;
  const luma = new Float32Array(plane);
  for (let i = 0; i < plane; i++) {
    const mixed =
      colour === 'GRAY'
        ? (input[i] as number)
        : 0.299 * (input[2 * plane - blue + i] as number) +
          0.587 * (input[plane + i] as number) +
          0.114 * (input[blue + i] as number);
    luma[i] = mixed / scale + mean;
  }
  return luma;
}

/**
 * Unit-length embedding of the face that `cropFace` drew; null when the model's output is not a direction
 * (zero, not finite, or not of the manifest's dimension).
 */
export async function embedFace(model: OnnxModel): Promise<Float32Array | null> {
  const output = firstOutput(await model.run());
  return output && output.length === model.manifest.dimension ? unitLength(output) : null;
}

/** A copy of length 1; null for zero or non-finite vectors. */
export function unitLength(vector: Float32Array): Float32Array | null {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 1e-20 && squares < Number.POSITIVE_INFINITY)) return null;
  const factor = 1 / Math.sqrt(squares);
  return vector.map((value) => value * factor);
}
