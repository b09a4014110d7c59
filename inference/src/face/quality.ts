import type { Box } from '../frame/frame.ts';
import { alignedSide } from './align.ts';
import type { AbstainReason, FaceQuality, FivePoints } from './observation.ts';

/** Limits of the gate; see `FacePipelineOptions`. */
export interface QualityLimits {
  readonly minSizePx: number;
  readonly minSharpness: number;
  readonly maxYaw: number;
  readonly maxPitch: number;
  readonly minExposure: number;
  readonly maxOcclusion: number;
}

export const defaultQualityLimits: QualityLimits = {
  minSizePx: 32,
  minSharpness: 0.14,
  maxYaw: 45,
  maxPitch: 40,
  minExposure: 0.2,
  maxOcclusion: 0.9,
};

const degrees = 180 / Math.PI;
const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Judges one face. `luma` is the aligned crop, 112 × 112, 0 … 255. */
export function judgeQuality(
  box: Box,
  points: FivePoints,
  luma: Float32Array,
  limits: QualityLimits = defaultQualityLimits,
): FaceQuality {
  const sizePx = Math.min(box.width, box.height);
  const { yaw, pitch, roll } = poseOf(points);
  const sharpness = sharpnessOf(luma);
  const exposure = exposureOf(luma);
  const occlusion = occlusionOf(luma);
  const reason = refusal({ sizePx, yaw, pitch, sharpness, exposure, occlusion }, limits);
  const overall =
    clamp(sizePx / 112, 0.1, 1) *
    clamp(sharpness * 1.5, 0.1, 1) *
    clamp(Math.cos(yaw / degrees) * Math.cos(pitch / degrees), 0.1, 1) *
    clamp(exposure * 1.5, 0.1, 1);
  return {
    sizePx,
    sharpness,
    poseYaw: yaw,
    posePitch: pitch,
    poseRoll: roll,
    exposure,
    occlusion,
    overall,
    pass: reason === null,
    reason,
  };
}

interface Measured {
  readonly sizePx: number;
  readonly yaw: number;
  readonly pitch: number;
  readonly sharpness: number;
  readonly exposure: number;
  readonly occlusion: number;
}

function refusal(face: Measured, limits: QualityLimits): AbstainReason | null {
  if (!(face.sizePx >= limits.minSizePx)) return 'size';
  if (!(Math.abs(face.yaw) <= limits.maxYaw && Math.abs(face.pitch) <= limits.maxPitch)) return 'pose';
  if (!(face.exposure >= limits.minExposure && face.occlusion <= limits.maxOcclusion)) return 'occlusion';
  if (!(face.sharpness >= limits.minSharpness)) return 'blur';
  return null;
}

/**
 * Angles from five points, taking the nose tip half an eye distance in front of the eyes. Rough, but enough
 * to refuse profiles.
 */
export function poseOf(points: FivePoints): { yaw: number; pitch: number; roll: number } {
  const [left, right, nose, mouthLeft, mouthRight] = points;
  const ex = right.x - left.x;
  const ey = right.y - left.y;
  const eyes = Math.hypot(ex, ey) || 1e-6;
  const ux = ex / eyes;
  const uy = ey / eyes;
  const nx = nose.x - (left.x + right.x) / 2;
  const ny = nose.y - (left.y + right.y) / 2;
  const mx = (mouthLeft.x + mouthRight.x - left.x - right.x) / 2;
  const my = (mouthLeft.y + mouthRight.y - left.y - right.y) / 2;
  const mouthDown = Math.max(1e-6, -mx * uy + my * ux);
  const yaw = Math.atan((2 * (nx * ux + ny * uy)) / eyes) * degrees;
  // 0.49: where the nose lies between eyes and mouth on a level face (the alignment reference).
  const pitch = clamp(((-nx * uy + ny * ux) / mouthDown - 0.49) * 120, -90, 90);
  return { yaw, pitch, roll: Math.atan2(ey, ex) * degrees };
}

/**
 * Energy of the Laplacian over the middle of the face, relative to contrast; 0.5 for an ordinary photo of 100
 * px.
 */
export function sharpnessOf(luma: Float32Array): number {
  let laplacian = 0;
  let sum = 0;
  let squares = 0;
  let n = 0;
  for (let y = 24; y < 104; y++) {
    for (let x = 20; x < 92; x++) {
      const i = y * alignedSide + x;
      const at = luma[i] as number;
      const edge =
        4 * at -
        (luma[i - 1] as number) -
        (luma[i + 1] as number) -
        (luma[i - alignedSide] as number) -
        (luma[i + alignedSide] as number);
      laplacian += edge * edge;
      sum += at;
      squares += at * at;
      n++;
    }
  }
  const contrast = squares / n - (sum / n) ** 2 + 25;
  const ratio = laplacian / n / contrast;
  return ratio / (ratio + 0.05);
}

/** 1 for a mid-gray face with contrast; falls to 0 towards black, white and flat. */
export function exposureOf(luma: Float32Array): number {
  let sum = 0;
  let clipped = 0;
  let n = 0;
  for (let y = 24; y < 104; y += 2) {
    for (let x = 20; x < 92; x += 2) {
      const at = luma[y * alignedSide + x] as number;
      sum += at;
      if (at < 8 || at > 247) clipped++;
      n++;
    }
  }
  const mean = sum / n;
  const level = clamp(Math.min(mean / 60, (255 - mean) / 60), 0, 1);
  return level * (1 - clipped / n);
}

/**
 * Hint: contrast of the weakest of the two eyes and the mouth against the whole face; 0 = all visible, 1 =
 * one is a flat patch.
 */
export function occlusionOf(luma: Float32Array): number {
  const whole = spread(luma, 24, 36, 88, 100);
  const parts = [spread(luma, 27, 43, 49, 60), spread(luma, 63, 43, 85, 60), spread(luma, 40, 82, 72, 102)];
  return clamp(1 - Math.min(...parts) / Math.max(1, 0.45 * whole), 0, 1);
}

function spread(luma: Float32Array, x0: number, y0: number, x1: number, y1: number): number {
  let sum = 0;
  let squares = 0;
  const n = (x1 - x0) * (y1 - y0);
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const at = luma[y * alignedSide + x] as number;
      sum += at;
      squares += at * at;
    }
  }
  return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
}
