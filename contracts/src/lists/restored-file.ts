import { z } from 'zod';
import { timeSchema } from '../wire/ids.ts';

/** Name of the file by which a restore says, in the data folder, that this server was restored. */
export const restoredFile = 'restored.json';

/** What it says; whoever keeps the lists reads it once, and deletes it. */
export const restoredFileSchema = z.strictObject({
  version: z.literal(1),
  /** When the archive was made. */
  madeAt: timeSchema,
  /**
   * The last entry of the audit log that anybody knows of. Where the log ends with it nothing came after the
   * archive.
   */
  head: z.strictObject({ position: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
});
export type RestoredFile = z.infer<typeof restoredFileSchema>;
