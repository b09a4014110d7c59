import { z } from 'zod';
import { deviceIdSchema, timeSchema } from '../wire/ids.ts';

const day = z.iso.date();

/**
 * Privacy rule 9: what must be on record before a camera looks for faces. Written by people; the product only
 * refuses where it is missing.
 */
export const privacyRecordSchema = z.strictObject({
  /** Cameras that it covers. */
  cameras: z.array(deviceIdSchema).min(1).max(500),
  /** What faces are looked for, in the words of who answers for it. */
  purpose: z.string().trim().min(4).max(500),
  assessment: z.strictObject({
    /** Reference of the impact assessment. */
    reference: z.string().min(1).max(128),
    approvedBy: z.string().min(1).max(128),
    approvedAt: timeSchema,
    /** When it is looked at again. */
    reviewBy: day.optional(),
  }),
  /** Where the notice sign hangs and when it was seen there. */
  noticeSign: z.strictObject({
    place: z.string().min(1).max(200),
    checkedAt: timeSchema,
    /** When somebody looks again whether it hangs there. */
    checkBy: day.optional(),
  }),
  /** Declared: the space that the cameras see is not private. */
  notPrivate: z.literal(true),
});
export type PrivacyRecord = z.infer<typeof privacyRecordSchema>;
