import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import {
  type CoveredFace,
  type FaceObservation,
  type FacePipeline,
  type Frame,
  judgeCovered,
} from '@watchpost/inference';
import { qualityPolicy } from './policy.ts';
import { widen } from './widen.ts';

/** The face of a photo that may go into a template. */
export interface GoodFace {
  /** Unit length. */
  readonly embedding: Float32Array;
  /** 0 … 1. */
  readonly quality: number;
}

/** Options of a pipeline that measures every face and lets `assessFace` refuse. */
export const openGate = {
  ...{ minSizePx: 8, minSharpness: 0, maxYaw: 90, maxPitch: 90, minExposure: 0, maxOcclusion: 2 },
};

type Refusal = readonly [code: ErrorCode, details: Readonly<Record<string, number>>];

/**
 * Looks for the one face of a photo and judges it, the first reason first that a person can do something
 * about.
 * @param pipeline with {@link openGate}
 * @throws WatchpostError `enrolment.no_face`, `…several_faces`, `…face_*`, `…eyes_covered`, `…mouth_covered`
 */
export async function assessFace(pipeline: FacePipeline, photo: Frame): Promise<GoodFace> {
  const { frame, shift } = widen(photo);
  const faces = await pipeline.analyse(frame);
  const [face, second] = faces;
  if (!face) throw new WatchpostError('enrolment.no_face');
  const others = second ? second.box.height / face.box.height : 0;
  if (others > qualityPolicy.foreground)
    throw new WatchpostError('enrolment.several_faces', { details: { faces: faces.length } });
  const covered = await judgeCovered(pipeline.models.recogniser, frame, face.points);
  if (!covered) throw new WatchpostError('enrolment.no_face');
  const [code, details] = reasonAgainst(face, covered, photo, shift) ?? [];
  if (code) throw new WatchpostError(code, { ...(details ? { details } : {}) });
  return { embedding: covered.embedding, quality: face.quality.overall };
}

function reasonAgainst(
  { box, quality }: FaceObservation,
  { mouth, eyes, light }: CoveredFace,
  photo: Frame,
  shift: number,
): Refusal | undefined {
  const limits = qualityPolicy;
  const beyond = Math.max(
    (shift - box.x) / box.width,
    (box.x + box.width - shift - photo.width) / box.width,
    -box.y / box.height,
    (box.y + box.height - photo.height) / box.height,
  );
  const { sizePx, poseYaw, posePitch, poseRoll, sharpness } = quality;
  const share = (value: number) => Number(value.toFixed(2));
  if (beyond > limits.beyondEdge) return ['enrolment.face_cut', { beyond: share(beyond) }];
  if (!(sizePx >= limits.sizePx))
    return ['enrolment.face_small', { sizePx: Math.round(sizePx), atLeast: limits.sizePx }];
  if (!(Math.abs(poseRoll) <= limits.roll))
    return ['enrolment.face_tilted', { degrees: Math.round(poseRoll) }];
  if (!(Math.abs(poseYaw) <= limits.yaw && Math.abs(posePitch) <= limits.pitch))
    return ['enrolment.face_turned', { yaw: Math.round(poseYaw), pitch: Math.round(posePitch) }];
  if (!(light.mean >= limits.darkest)) return ['enrolment.face_dark', { light: Math.round(light.mean) }];
  if (!(light.mean <= limits.brightest && light.blown <= limits.blown))
    return ['enrolment.face_bright', { light: Math.round(light.mean), white: share(light.blown) }];
  if (!(sharpness >= limits.sharpness)) return ['enrolment.face_blurred', { sharpness: share(sharpness) }];
  if (!(eyes < limits.covered)) return ['enrolment.eyes_covered', { likely: share(eyes) }];
  if (!(mouth < limits.covered)) return ['enrolment.mouth_covered', { likely: share(mouth) }];
  if (!(light.sides <= limits.sides)) return ['enrolment.face_shadow', { sides: share(light.sides) }];
  return undefined;
}
