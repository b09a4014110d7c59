import { z } from 'zod';
import { digestSchema } from '../wire/announcement.ts';
import { entryIdSchema, timeSchema } from '../wire/ids.ts';

/** Most entries that a permit withdraws or has erased, and most passes that it revokes. */
export const permitLimits = { entries: 10_000 } as const;

/**
 * What the lists of a site say at present: written by alerting after each change as
 * `<data folder>/permits/<site>.json`, put into the permits of the site’s gateways by the gateway door.
 */
export const permitContentSchema = z.strictObject({
  /** SHA-256 of the gallery file that may be matched against; null: none, nothing is matched. */
  gallery: digestSchema.nullable(),
  /** Entries that match nothing any more, whatever the gallery says. */
  withdrawn: z.array(entryIdSchema).max(permitLimits.entries),
  /**
   * Entries of which no gateway may keep anything. One stays here while the gallery above still has it; the
   * door has it erased until each gateway’s receipt is there, also when it stands here no more.
   */
  erase: z.array(z.strictObject({ entry: entryIdSchema, since: timeSchema })).max(permitLimits.entries),
  /** Passes that are good no longer. */
  revokedPasses: z.array(z.string().min(1).max(64)).max(permitLimits.entries),
});
export type PermitContent = z.infer<typeof permitContentSchema>;
