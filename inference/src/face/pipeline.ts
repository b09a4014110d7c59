import type { Frame } from '../frame/frame.ts';
import type { ModelSet } from '../models/open-model-set.ts';
import type { FaceObservation } from './observation.ts';

/** Limits of the quality gate and of work per frame. */
export interface FacePipelineOptions {
  /** Shorter side of a face box in pixels from which it is compared; default 40. */
  readonly minSizePx?: number;
  /** 0 … 1, default 0.12. */
  readonly minSharpness?: number;
  /** Degrees, default 40. */
  readonly maxYaw?: number;
  /** Largest faces first; the rest of a crowd is left out. Default 16. */
  readonly maxFaces?: number;
  /** Compute the advisory liveness score (the model set must hold the model). Default false. */
  readonly liveness?: boolean;
}

/** Detect → five points → align → quality → embed. Calls run one after another; `analyse` may be called again before the last has ended. */
export interface FacePipeline {
  readonly models: ModelSet;
  /** Never throws on odd pixels: an all-black frame gives an empty list. Largest face first. */
  analyse(frame: Frame): Promise<readonly FaceObservation[]>;
}

/** Synchronous; sessions are those of `models`. */
export function createFacePipeline(_models: ModelSet, _options: FacePipelineOptions = {}): FacePipeline {
  throw new Error('being written');
}
