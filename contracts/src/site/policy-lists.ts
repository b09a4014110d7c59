import { z } from 'zod';
import { durationSchema } from './duration.ts';

const dayMs = 86_400_000;

/** What privacy rule 1 asks of every list; a site may ask for more. */
export const listPolicy = {
  /** Longest time from now to the end of an entry, milliseconds. */
  longestValidMs: { watch: 366 * dayMs, access: 2 * 366 * dayMs },
  /** An approval may be dated this much ahead of the clock that checks it, milliseconds. */
  clockSkewMs: 5 * 60_000,
  /** Fewest letters and digits of a legal basis, an authority or a purpose. */
  fewestLetters: 2,
} as const;

const people = (least: number) => z.number().int().min(least).max(5).default(least);

/** Who may stand on the lists of a site, and how long: `policy.lists` of a site file. */
export const listsSectionSchema = z.strictObject({
  /**
   * People who sign an entry before it matches; whoever proposed it counts where they may approve. One of
   * them at least is always somebody else.
   */
  signatures: z.strictObject({ watch: people(2), access: people(1) }).prefault({}),
  /** The end of an entry is at most so far from the day on which it is proposed or approved. */
  longest: z
    .strictObject({
      watch: durationSchema('1h', '366d').prefault('366d'),
      access: durationSchema('1h', '732d').prefault('732d'),
    })
    .prefault({}),
  /** Entries whose review or end is nearer than this are shown as due. */
  dueWithin: durationSchema('1d', '90d').prefault('14d'),
  /** What was withdrawn or has expired is erased, on every gateway, after this. */
  eraseAfter: durationSchema('1h', '90d').prefault('30d'),
});
export type ListsSection = z.output<typeof listsSectionSchema>;
