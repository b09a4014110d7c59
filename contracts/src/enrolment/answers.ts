import { z } from 'zod';
import { entryIdSchema } from '../wire/ids.ts';

const codeSchema = z.string().regex(/^[a-z]+\.[a-z0-9_]+$/);
const detailsSchema = z.record(z.string(), z.union([z.string(), z.number()]));

/** Whether a photo would do; `code` is one of the error registry, with its text in both languages. */
export const examinationSchema = z.discriminatedUnion('usable', [
  z.strictObject({
    usable: z.literal(true),
    /** 0 … 1: how much a photo tells; of two good ones the higher is worth more. */
    quality: z.number().min(0).max(1),
  }),
  z.strictObject({ usable: z.literal(false), code: codeSchema, details: detailsSchema }),
]);
export type Examination = z.infer<typeof examinationSchema>;

/** What became of the photos of an entry. */
export const enrolmentResultSchema = z.strictObject({
  /** Photos in the template; 0 = nothing was kept, and what the entry had before stays. */
  used: z.int().min(0),
  /** Photos that are not, by their place in the request. */
  refused: z.array(z.strictObject({ index: z.int().min(0), code: codeSchema })),
  /**
   * Entries of the site that look alike: `same` at the measured false-match rate 1e-5, `similar` at 1e-3.
   * Nearest first.
   */
  duplicates: z.array(z.strictObject({ entry: entryIdSchema, likeness: z.enum(['same', 'similar']) })),
});
export type EnrolmentResult = z.infer<typeof enrolmentResultSchema>;

/** The gallery file that was made. */
export const compiledGallerySchema = z.strictObject({
  /** SHA-256 of the file, hex; also its name. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Entries that are not in it, because nothing is kept of them that a template could be made of. */
  missing: z.array(entryIdSchema),
});
export type CompiledGallery = z.infer<typeof compiledGallerySchema>;

/** Entries that have a new template, and those whose photos could not be used again. */
export const rekeyedSchema = z.strictObject({
  entries: z.int().min(0),
  lost: z.array(entryIdSchema),
});
export type Rekeyed = z.infer<typeof rekeyedSchema>;
