import type { Frame } from '../frame/frame.ts';
import type { OnnxModel } from '../models/open-session.ts';
import { alignment } from './align.ts';
import { type FaceLight, measureParts } from './covered-parts.ts';
import weights from './covered-weights.json' with { type: 'json' };
import type { FivePoints } from './observation.ts';

/** What of a face is covered, and how it is lit. */
export interface CoveredFace {
  /** 0 … 1: how much it looks as if mouth or nose were covered; half = as likely as not in training. */
  readonly mouth: number;
  /** The same of the eyes. */
  readonly eyes: number;
  readonly light: FaceLight;
  /** Of the face as it is, of unit length. */
  readonly embedding: Float32Array;
}

interface Judge {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
}

const probability = (judge: Judge, measures: readonly number[]): number => {
  const score = measures.reduce(
    (sum, value, k) =>
      sum + ((judge.weights[k] ?? 0) * (value - (judge.mean[k] ?? 0))) / (judge.deviation[k] ?? 1),
    judge.bias,
  );
  return 1 / (1 + Math.exp(-score));
};

/**
 * Judges a face by what the recogniser sees of its parts. Five runs of the recogniser: for enrolment, not for
 * every frame of a camera. Made for the default recogniser; with another its errors are not known.
 * @returns null when the five points coincide or the model gives no direction
 */
export async function judgeCovered(
  recogniser: OnnxModel,
  frame: Frame,
  points: FivePoints,
): Promise<CoveredFace | null> {
  const aligned = alignment(points);
  const found = aligned && (await measureParts(recogniser, frame, aligned));
  if (!found) return null;
  const { measures, light, embedding } = found;
  return {
    mouth: probability(weights.mouth, measures),
    eyes: probability(weights.eyes, measures),
    light,
    embedding,
  };
}
