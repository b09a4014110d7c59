import { z } from 'zod';
import { entryIdSchema } from '../ids.ts';

/** A name, not a text: nothing can be carried in it. */
const shortName = /^[A-Za-z0-9:._-]{1,64}$/;

/** Which model spoke: name and the first 16 hexadecimal digits of its file's SHA-256. */
export const modelRefSchema = z.strictObject({
  name: z.string().regex(shortName),
  digest: z.string().regex(/^[0-9a-f]{16}$/),
});

/** What must be shown besides a face before anything opens. */
export const secondFactorSchema = z.enum(['none', 'pass', 'guard']);

const unit = z.number().min(0).max(1);

/**
 * A face looked like an entry of a list. It is a candidate until a human confirms it.
 * Carries no template and no image (privacy rule 5).
 */
export const faceCandidateSchema = z.strictObject({
  list: z.enum(['watch', 'access']),
  entry: entryIdSchema,
  /** Cosine similarity of the voted match, −1…1. */
  cosine: z.number().min(-1).max(1),
  /** The cosine that the decision needed. */
  threshold: z.number().min(-1).max(1),
  /** The false-match rate measured for that threshold, e.g. 1e-4. */
  falseMatchRate: unit,
  /**
   * How unlikely it is that a stranger scores this high against any entry by chance: (1 − FMR)^entries, 0…1.
   * Not the chance that the match is right.
   */
  confidence: unit,
  votes: z.strictObject({ for: z.number().int().min(0), frames: z.number().int().min(1) }),
  /** Quality of the best frame of the track, 0…1. */
  quality: unit,
  track: z.string().regex(shortName),
  models: z.array(modelRefSchema).min(1).max(8),
  /**
   * Advisory liveness of the default or another model, 0…1; left out when it was not judged. No attack rate
   * stands behind it unless the model card says so.
   */
  liveness: unit.optional(),
  /**
   * Of the access list: what was demanded, and whether it was there when the face was seen. A guard meets it
   * by confirming.
   */
  secondFactor: z.strictObject({ demanded: secondFactorSchema, met: z.boolean() }).optional(),
});

/** A face was seen long enough to decide and the system declines to, saying why. */
export const faceAbstainSchema = z.strictObject({
  reason: z.enum(['blur', 'pose', 'size', 'occlusion', 'spoof', 'model']),
  quality: unit,
  track: z.string().regex(shortName),
});
