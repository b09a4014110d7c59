import { checkFrame } from '../frame/check-frame.ts';
import type { Frame } from '../frame/frame.ts';
import type { ModelSet } from '../models/open-model-set.ts';
import { alignment } from './align.ts';
import { detectFaces } from './detect.ts';
import type { Detection } from './detectors/detector.ts';
import { cropFace, embedFace, lumaOf } from './embed.ts';
import { findPoints } from './landmarks.ts';
import { livenessOf } from './liveness.ts';
import type { FaceObservation } from './observation.ts';
import { defaultQualityLimits, judgeQuality, type QualityLimits } from './quality.ts';

/** Limits of the quality gate and of work per frame. */
export interface FacePipelineOptions extends Partial<QualityLimits> {
  /** Largest faces first; the rest of a crowd is left out. Default 32. */
  readonly maxFaces?: number;
  /** Compute the advisory liveness score (needs a model set opened with `liveness`). Default false. */
  readonly liveness?: boolean;
}

/** Detect → five points → align → quality → embed. */
export interface FacePipeline {
  readonly models: ModelSet;
  /**
   * Largest face first. Never throws on odd pixels: an all-black frame gives an empty list. Calls are worked
   * off one after another, so `analyse` may be called again before the last call has ended; drop frames
   * yourself when you fall behind.
   * @throws WatchpostError `inference.image_unreadable` when `data` is not `width × height × 3` bytes
   */
  analyse(frame: Frame): Promise<readonly FaceObservation[]>;
}

/** Synchronous and cheap; sessions are those of `models`. */
export function createFacePipeline(models: ModelSet, options: FacePipelineOptions = {}): FacePipeline {
  const { maxFaces = 32, liveness = false, ...limits } = options;
  const gate = { ...defaultQualityLimits, ...limits };
  // Sessions write into shared input buffers: one frame at a time.
  let last: Promise<unknown> = Promise.resolve();

  async function analyseNow(frame: Frame): Promise<FaceObservation[]> {
    checkFrame(frame);
    const observations: FaceObservation[] = [];
    for (const detection of (await detectFaces(models.detector, frame)).slice(0, maxFaces)) {
      const observation = await observe(frame, detection);
      if (observation) observations.push(observation);
    }
    return observations;
  }

  async function observe(
    frame: Frame,
    { box, score, points: given }: Detection,
  ): Promise<FaceObservation | null> {
    const points = given ?? (models.landmarks ? await findPoints(models.landmarks, frame, box) : null);
    const aligned = points && alignment(points);
    if (!aligned) return null;
    const input = cropFace(models.recogniser, frame, aligned);
    const quality = judgeQuality(box, points, lumaOf(input, models.recogniser.manifest.input), gate);
    const embedding = quality.pass ? await embedFace(models.recogniser) : null;
    const live = liveness && models.liveness ? await livenessOf(models.liveness, frame, box) : null;
    if (!quality.pass || embedding) return { box, score, points, quality, embedding, liveness: live };
    return {
      box,
      score,
      points,
      quality: { ...quality, pass: false, reason: 'model' },
      embedding,
      liveness: live,
    };
  }

  return {
    models,
    analyse(frame) {
      const result = last.then(() => analyseNow(frame));
      last = result.catch(() => undefined);
      return result;
    },
  };
}
