import type { Box, Point } from '../frame/frame.ts';

/**
 * Why a face that was seen is not compared. The wire's reasons (design §3) apart from what only a track can
 * know.
 */
export type AbstainReason = 'blur' | 'pose' | 'size' | 'occlusion' | 'spoof' | 'model';

/**
 * Left eye, right eye, nose, left and right mouth corner, as seen in the picture (left = smaller x on an
 * upright face).
 */
export type FivePoints = readonly [Point, Point, Point, Point, Point];

/** How well a face can be compared. */
export interface FaceQuality {
  /** Shorter side of the face box in pixels of the frame. */
  readonly sizePx: number;
  /** Sharpness 0 (blurred) … 1 (sharp), from the aligned crop. */
  readonly sharpness: number;
  /** Degrees, positive = the face looks to the picture's right; ±15° accuracy at best (five points only). */
  readonly poseYaw: number;
  /** Degrees, positive = looking down; rough. */
  readonly posePitch: number;
  /** Degrees, positive = clockwise in the picture. */
  readonly poseRoll: number;
  /** 0 (all black or blown out) … 1 (well exposed). */
  readonly exposure: number;
  /** 0 … 1: hint that a part of the face is covered or in deep shade. A hint only, no measured error rate. */
  readonly occlusion: number;
  /** 0 … 1, the weight of this frame in the vote of a track. */
  readonly overall: number;
  /** True when the face may be compared. */
  readonly pass: boolean;
  /** Why not; null exactly when `pass`. */
  readonly reason: AbstainReason | null;
}

/** One face in one frame. Exists in memory only (design §8.4). */
export interface FaceObservation {
  readonly box: Box;
  /** Detection score 0 … 1. */
  readonly score: number;
  readonly points: FivePoints;
  readonly quality: FaceQuality;
  /** Unit length, 512 numbers with the default recogniser; null when the quality gate did not pass. */
  readonly embedding: Float32Array | null;
  /** Advisory 0 … 1 (1 = live), null when liveness was not loaded or not asked for. Never the sole gate. */
  readonly liveness: number | null;
}
