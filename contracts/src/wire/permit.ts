import { z } from 'zod';
import { digestSchema } from './announcement.ts';
import { secondFactorSchema } from './events/face.ts';
import { wireLimits } from './limits.ts';

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
    /** What is fetched at the gateway door; left out where nothing is. */
    file: z
      .object({
        /** Of the gallery, bytes. */
        size: z.number().int().min(1).max(wireLimits.galleryBytes),
        /** Of the document with the keys that open it. */
        keys: digestSchema,
      })
      .optional(),
    /** Entries of which the gateway keeps nothing; it says so at the door. */
    erase: z.array(nameSchema).max(20_000).optional(),
  }),
  passes: z.object({ revoked: z.array(nameSchema).max(10_000) }),
  /** What a match of the access list needs besides the face; left out: a guard. */
  access: z.object({ secondFactor: secondFactorSchema }).optional(),
});
export type Permit = z.infer<typeof permitSchema>;
