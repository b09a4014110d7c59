import { z } from 'zod';
import { listEntryRecordSchema } from '../lists/watch-list.ts';
import { entryIdSchema, siteIdSchema } from '../wire/ids.ts';
import { enrolmentLimits } from './policy.ts';

/**
 * What alerting asks of the enrolment, one request and one answer per connection. Photos do not stand in it:
 * they travel beside it as bytes.
 */
export const enrolmentRequestSchema = z.discriminatedUnion('ask', [
  /** Would this photo do? One photo; nothing is kept. */
  z.strictObject({ ask: z.literal('examine'), site: siteIdSchema }),
  /** Makes the template of an entry from one to eight photos; replaces what the entry had. */
  z.strictObject({ ask: z.literal('enrol'), site: siteIdSchema, entry: entryIdSchema }),
  /** One kept photo, counted from 0; the answer's bytes are a JPEG. */
  z.strictObject({
    ask: z.literal('photo'),
    site: siteIdSchema,
    entry: entryIdSchema,
    index: z
      .int()
      .min(0)
      .max(enrolmentLimits.photosPerRequest - 1),
  }),
  /** Destroys all that is kept of an entry; nothing to destroy is no fault. */
  z.strictObject({ ask: z.literal('remove'), site: siteIdSchema, entry: entryIdSchema }),
  /** Makes the gallery file of the entries of these records. */
  z.strictObject({
    ask: z.literal('compile'),
    site: siteIdSchema,
    records: z.array(listEntryRecordSchema).max(100_000),
  }),
  /** New gallery keys, and new templates from the kept photos; `compile` afterwards. */
  z.strictObject({ ask: z.literal('rekey'), site: siteIdSchema }),
]);
export type EnrolmentRequest = z.infer<typeof enrolmentRequestSchema>;
