import { WatchpostError } from '@watchpost/contracts/errors';
import { unitLength } from '../face/embed.ts';
import type { FaceObservation } from '../face/observation.ts';
import type { FacePipeline } from '../face/pipeline.ts';
import { decodeImage } from '../frame/decode-image.ts';
import type { Frame } from '../frame/frame.ts';
import { dotAt } from './search.ts';

/** One template from one or several photos. */
export interface EnrolledFace {
  /** Unit length; hand it to `Gallery.add`. */
  readonly template: Float32Array;
  /** Photos that went into the template. */
  readonly used: number;
  /** Photos that did not, by their index, and why: an error code, or `outlier`. */
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
  /** Lowest cosine of a used photo to the template; 1 for a single photo. */
  readonly agreement: number;
  /** Mean overall quality of the used photos, 0 … 1. */
  readonly quality: number;
}

/** A face that may go into a template. */
export interface UsableFace {
  /** Of its photo. */
  readonly index: number;
  /** Unit length. */
  readonly embedding: Float32Array;
  /** Its weight, 0 … 1. */
  readonly quality: number;
}

/**
 * Makes one template. Each photo must show one face; a smaller face in the background (below a third of the
 * main face's height) does not count. Photos of poor quality are refused, and so are outliers: photos that do
 * not reach the recogniser's threshold with the majority of the others. With a single photo its fault is
 * thrown; with several, only when none is left.
 * @throws WatchpostError `inference.face_not_found`, `inference.face_ambiguous`, `inference.face_quality`,
 *   and those of `decodeImage`
 */
export async function enrolFace(
  pipeline: FacePipeline,
  images: readonly (Uint8Array | Frame)[],
): Promise<EnrolledFace> {
  const usable: UsableFace[] = [];
  const refused: { index: number; reason: string }[] = [];
  let firstFault: unknown = new WatchpostError('inference.face_not_found', { details: { photos: 0 } });
  for (const [index, image] of images.entries()) {
    try {
      usable.push({ index, ...(await oneFace(pipeline, image)) });
    } catch (fault) {
      if (!(fault instanceof WatchpostError)) throw fault;
      if (refused.length === 0) firstFault = fault;
      refused.push({ index, reason: fault.code });
    }
  }
  const { template, kept, outliers } = combineFaces(usable, pipeline.models.threshold);
  for (const index of outliers) refused.push({ index, reason: 'outlier' });
  if (!template) throw firstFault;
  return {
    template,
    used: kept.length,
    refused: refused.toSorted((a, b) => a.index - b.index),
    agreement: Math.min(1, ...kept.map(({ embedding }) => dotAt(embedding, 0, template))),
    quality: kept.reduce((sum, { quality }) => sum + quality, 0) / kept.length,
  };
}

async function oneFace(
  pipeline: FacePipeline,
  image: Uint8Array | Frame,
): Promise<Omit<UsableFace, 'index'>> {
  const frame = image instanceof Uint8Array ? await decodeImage(image) : image;
  const faces = await pipeline.analyse(frame);
  const [main, second] = faces;
  if (!main) throw new WatchpostError('inference.face_not_found');
  if (second && second.box.height * 3 > main.box.height) {
    throw new WatchpostError('inference.face_ambiguous', { details: { faces: faces.length } });
  }
  return { embedding: embeddingOf(main), quality: main.quality.overall };
}

function embeddingOf({ embedding, quality }: FaceObservation): Float32Array {
  if (embedding) return embedding;
  throw new WatchpostError('inference.face_quality', {
    details: {
      reason: quality.reason ?? 'model',
      sizePx: Math.round(quality.sizePx),
      yaw: Math.round(quality.poseYaw),
    },
  });
}

/**
 * One template of several faces of one person: without those that do not reach `threshold` with the majority.
 * @returns `template` of unit length, null without faces; `outliers` by their photos' index
 */
export function combineFaces(
  faces: readonly UsableFace[],
  threshold: number,
): {
  readonly template: Float32Array | null;
  readonly kept: readonly UsableFace[];
  readonly outliers: readonly number[];
} {
  const kept = withoutOutliers(faces, threshold);
  const outliers = faces.filter((face) => !kept.includes(face)).map(({ index }) => index);
  return { template: weightedMean(kept), kept, outliers };
}

/** Keeps the photo that agrees with most others, and those that agree with it. */
function withoutOutliers(photos: readonly UsableFace[], threshold: number): readonly UsableFace[] {
  const agreeing = photos.map((a) =>
    photos.filter((b) => a === b || dotAt(a.embedding, 0, b.embedding) >= threshold),
  );
  return agreeing.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

function weightedMean(photos: readonly UsableFace[]): Float32Array | null {
  const [first] = photos;
  if (!first) return null;
  const sum = new Float32Array(first.embedding.length);
  for (const { embedding, quality } of photos) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (embedding[i] as number) * quality;
  }
  return unitLength(sum);
}
