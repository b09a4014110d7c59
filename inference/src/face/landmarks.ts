import type { Box, Frame, Point } from '../frame/frame.ts';
import { resample, stretch } from '../frame/resample.ts';
import { firstOutput, type OnnxModel } from '../models/open-session.ts';
import { landmarkDecoders } from './decoders.ts';
import type { FivePoints } from './observation.ts';

/** Five points in frame pixels; null when the box has no pixel in the frame or the model gives no numbers. */
export async function findPoints(model: OnnxModel, frame: Frame, face: Box): Promise<FivePoints | null> {
  const decode = landmarkDecoders.get(model.manifest.decoder);
  const found = decode && (await landmarksIn(model, frame, face));
  if (!found) return null;
  const [a, b, c, d, e] = decode(found.output);
  const { inFrame } = found;
  const points: FivePoints = [inFrame(a), inFrame(b), inFrame(c), inFrame(d), inFrame(e)];
  return points.every(isFinitePoint) ? points : null;
}

/**
 * All 68 iBUG points in frame pixels: 0 … 16 jaw, 17 … 26 brows, 27 … 35 nose, 36 … 47 eyes, 48 … 67 mouth.
 * null as for `findPoints`, and for a model that gives others.
 */
export async function findContour(
  model: OnnxModel,
  frame: Frame,
  face: Box,
): Promise<readonly Point[] | null> {
  if (model.manifest.decoder !== 'ibug68') return null;
  const found = await landmarksIn(model, frame, face);
  if (found?.output.length !== 136) return null;
  const { output, inFrame } = found;
  const points = Array.from({ length: 68 }, (_, i) =>
    inFrame({ x: output[2 * i] ?? Number.NaN, y: output[2 * i + 1] ?? Number.NaN }),
  );
  return points.every(isFinitePoint) ? points : null;
}

async function landmarksIn(model: OnnxModel, frame: Frame, face: Box) {
  const { manifest } = model;
  const crop = clippedSquare(face, manifest.cropScale ?? 1, frame);
  if (!crop) return null;
  const { width, height } = manifest.input;
  resample(frame, stretch(crop, width, height), width, height, manifest.input, model.input);
  const output = firstOutput(await model.run());
  if (!output) return null;
  const inFrame = ({ x, y }: Point): Point => ({ x: crop.x + x * crop.width, y: crop.y + y * crop.height });
  return { output, inFrame };
}

const isFinitePoint = ({ x, y }: Point): boolean => Number.isFinite(x) && Number.isFinite(y);

/**
 * Square around the face's centre with `scale` × its height as side, in whole pixels and cut at the frame's
 * edges; null when nothing is left.
 */
export function clippedSquare(face: Box, scale: number, frame: Frame): Box | null {
  const side = face.height * scale;
  const cx = face.x + face.width / 2;
  const cy = face.y + face.height / 2;
  const x0 = Math.max(0, Math.round(cx - side / 2));
  const y0 = Math.max(0, Math.round(cy - side / 2));
  const x1 = Math.min(frame.width, Math.round(cx + side / 2));
  const y1 = Math.min(frame.height, Math.round(cy + side / 2));
  return x1 - x0 >= 2 && y1 - y0 >= 2 ? { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } : null;
}
