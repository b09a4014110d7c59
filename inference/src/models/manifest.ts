import { z } from 'zod';

const input = z.strictObject({
  name: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  /**
   * `letterbox` keeps the aspect and pads right and bottom to a multiple of 32; `width` is then the long
   * side.
   */
  fit: z.enum(['stretch', 'letterbox']),
  colour: z.enum(['RGB', 'BGR', 'GRAY']),
  /** A pixel value 0 … 255 enters the model as `(value − mean) × scale`. */
  mean: z.number(),
  scale: z.number().positive(),
});

const threshold = z.strictObject({
  cosine: z.number().min(-1).max(1),
  falseMatchRate: z.number().positive().max(1),
  truePositiveRate: z.number().min(0).max(1),
});

/**
 * What a model is, where its file comes from, and how numbers go in and out. One JSON file each in
 * `inference/models/`.
 */
export const modelManifest = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  task: z.enum(['detect', 'landmarks', 'recognise', 'liveness']),
  /** Left out: the user brings the file (`ModelSetOptions.filesFrom`). */
  package: z.string().optional(),
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  licence: z.string(),
  /** What is known of the training data, and what is not. */
  trainingData: z.string(),
  limits: z.string(),
  /**
   * Liveness only: certificate of a presentation attack detection test (ISO/IEC 30107-3), with laboratory and
   * number.
   */
  certification: z.string().min(1).optional(),
  input,
  decoder: z.string(),
  /** Detectors only. */
  scoreThreshold: z.number().min(0).max(1).optional(),
  nmsIou: z.number().min(0).max(1).optional(),
  /** Square crop of this multiple of the face box's height. */
  cropScale: z.number().positive().optional(),
  /** Recognisers only: length of the embedding, thresholds measured on `measuredOn`, and the default one. */
  dimension: z.int().positive().optional(),
  thresholds: z.array(threshold).min(1).optional(),
  defaultCosine: z.number().optional(),
  measuredOn: z.string().optional(),
});

/** See {@link modelManifest}. */
export type ModelManifest = z.infer<typeof modelManifest>;

/** A cosine, and how often two different (FMR) or same (TPR) people reach it, per comparison. */
export type MeasuredThreshold = z.infer<typeof threshold>;
