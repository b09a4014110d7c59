import type { Box, Frame } from '../frame/frame.ts';
import { resample, stretch } from '../frame/resample.ts';
import { firstOutput, type OnnxModel } from '../models/open-session.ts';
import { clippedSquare } from './landmarks.ts';

/**
 * Advisory probability that the face is live, 0 … 1; null when it cannot be computed. No attack rate is known
 * for it.
 */
export async function livenessOf(model: OnnxModel, frame: Frame, face: Box): Promise<number | null> {
  const { input, cropScale = 2.7 } = model.manifest;
  const crop = clippedSquare(face, cropScale, frame);
  if (!crop) return null;
  resample(frame, stretch(crop, input.width, input.height), input.width, input.height, input, model.input);
  const logits = firstOutput(await model.run());
  if (!logits) return null;
  const top = Math.max(...logits);
  const powers = Array.from(logits, (value) => Math.exp(value - top));
  const live = (powers[0] ?? 0) / powers.reduce((sum, value) => sum + value, 0);
  return Number.isFinite(live) ? live : null;
}
