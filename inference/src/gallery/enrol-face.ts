import type { FacePipeline } from '../face/pipeline.ts';
import type { Frame } from '../frame/frame.ts';

/** One template from one or several photos. */
export interface EnrolledFace {
  /** Unit length; hand it to `Gallery.add`. */
  readonly template: Float32Array;
  /** Photos that went into the template. */
  readonly used: number;
  /** Photos that did not, by their index, and why. */
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
  /** Lowest cosine of a used photo to the template; 1 for a single photo. */
  readonly agreement: number;
  /** Mean overall quality of the used photos, 0 … 1. */
  readonly quality: number;
}

/**
 * Makes one template; refuses photos of poor quality and outliers (another person among the photos).
 * With a single photo its fault is thrown; with several, only when none is left.
 * @throws WatchpostError `inference.face_not_found`, `inference.face_ambiguous`, `inference.face_quality`, and those of `decodeImage`
 */
export async function enrolFace(
  _pipeline: FacePipeline,
  _images: readonly (Uint8Array | Frame)[],
): Promise<EnrolledFace> {
  throw new Error('being written');
}
