import type { FaceObservation } from '../face/observation.ts';
import type { Gallery } from '../gallery/gallery.ts';
import type { FaceDecision } from './decision.ts';

/** How tracks are kept and when they speak. */
export interface FaceTrackerOptions {
  /** Read at every update: adding and removing entries takes effect at once. */
  readonly gallery: Gallery;
  /** Cosine from which a frame votes for an entry; take it from `ModelSet.threshold`. */
  readonly threshold: number;
  /** False-match rate measured for `threshold`. */
  readonly falseMatchRate: number;
  /** Zone of the camera, compared with an entry's `areas`; left out = entries with areas never match. */
  readonly area?: string;
  /** Comparable frames before the first decision; default 3. */
  readonly minFrames?: number;
  /** Seen frames without a comparable one before the track abstains; default 8. */
  readonly abstainFrames?: number;
  /** How long a track lives unseen, ms; default 1500. */
  readonly maxGapMs?: number;
  /** Prefix of track ids; default `t`. */
  readonly idPrefix?: string;
}

/** One per camera. Holds embeddings of live tracks in memory only. */
export interface FaceTracker {
  /** Decisions that are new or changed in this frame, `nothing` included. `capturedAt` is ms; a step backwards ends all tracks. */
  update(observations: readonly FaceObservation[], capturedAt: number): readonly FaceDecision[];
  /** Live tracks. */
  readonly size: number;
}

/** Pure: no clock, no randomness, no I/O. */
export function createFaceTracker(_options: FaceTrackerOptions): FaceTracker {
  throw new Error('being written');
}
