import { z } from 'zod';
import { digestSchema } from './announcement.ts';
import { secondFactorSchema } from './events/face.ts';

const nameSchema = z.string().min(1).max(64);

/**
 * What a gateway may match and accept at present. The document says what, its announcement until when: so a
 * permit that stays the same is renewed without being fetched.
 */
export const permitSchema = z.object({
  gallery: z.object({
    /** Of the gallery file that may be matched against; null: none. */
    digest: digestSchema.nullable(),
    /** Entries that match nothing any more. */
    withdrawn: z.array(nameSchema).max(10_000),
  }),
  passes: z.object({ revoked: z.array(nameSchema).max(10_000) }),
  /** What a match of the access list needs besides the face; left out: a guard. */
  access: z.object({ secondFactor: secondFactorSchema }).optional(),
});
export type Permit = z.infer<typeof permitSchema>;
