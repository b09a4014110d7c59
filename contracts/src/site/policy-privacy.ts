import { z } from 'zod';

const days = (otherwise: number, most: number) => z.number().int().min(1).max(most).default(otherwise);

/** When the privacy records of a site are looked at again, days: `policy.privacy` of a site file. */
export const privacySectionSchema = z.strictObject({
  /** An assessment that names no `reviewBy` is due so long after it was approved. */
  assessmentReview: days(365, 1_100),
  /** A notice sign that names no `checkBy` is due so long after it was seen. */
  signCheck: days(180, 1_100),
  /** What becomes due within this time is shown as due soon. */
  noticeBefore: days(30, 365),
});
export type PrivacySection = z.output<typeof privacySectionSchema>;
