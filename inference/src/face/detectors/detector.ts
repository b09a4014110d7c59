import type { Box } from '../../frame/frame.ts';
import type { ModelOutputs } from '../../models/open-session.ts';
import type { FivePoints } from '../observation.ts';

/** A face as a detector gives it. */
export interface Detection {
  readonly box: Box;
  readonly score: number;
  /** null when the detector gives boxes only. */
  readonly points: FivePoints | null;
}

/** How the picture was laid into the model input: input pixel = frame pixel × scale. */
export interface InputGeometry {
  /** Of the model input. */
  readonly width: number;
  readonly height: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

/**
 * Turns raw outputs into detections in frame pixels, before suppression. Ignores values that are not finite.
 */
export interface DetectorDecoder {
  readonly givesPoints: boolean;
  decode(outputs: ModelOutputs, geometry: InputGeometry, scoreThreshold: number): Detection[];
}

/** Greedy non-maximum suppression: of boxes that overlap by more than `iou`, the best score stays. */
export function suppress(detections: readonly Detection[], iou: number): Detection[] {
  const kept: Detection[] = [];
  for (const next of detections.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(other.box, next.box) <= iou)) kept.push(next);
  }
  return kept;
}

/** Intersection over union, 0 … 1. */
export function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (!(w > 0 && h > 0)) return 0;
  return (w * h) / (a.width * a.height + b.width * b.height - w * h);
}
