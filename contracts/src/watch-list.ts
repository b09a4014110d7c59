import { z } from 'zod';
import { entryIdSchema, timeSchema, zoneIdSchema } from './ids.ts';
import { parseWith } from './parse.ts';

const approvalSchema = z.strictObject({ by: z.string().min(1).max(64), at: timeSchema });

/**
 * Why a face is on a list. Without every field, and without two different people's approval for the watch-list, no
 * entry is made (privacy rule 1).
 */
export const listEntryRecordSchema = z
  .strictObject({
    entry: entryIdSchema,
    list: z.enum(['watch', 'access']),
    legalBasis: z.string().min(1).max(200),
    authority: z.string().min(1).max(200),
    purpose: z.string().min(1).max(200),
    /** Zones in which the entry may match. */
    area: z.array(zoneIdSchema).min(1).max(500),
    expires: timeSchema,
    approvals: z.array(approvalSchema).min(1).max(8),
  })
  .superRefine(({ list, approvals }, context) => {
    const people = new Set(approvals.map(({ by }) => by));
    if (list === 'watch' && people.size < 2) {
      context.addIssue({
        code: 'custom',
        path: ['approvals'],
        message: 'two different people approve a watch-list entry',
      });
    }
  });
export type ListEntryRecord = z.infer<typeof listEntryRecordSchema>;

/**
 * Checks the record of a list entry at `nowMs` (milliseconds since the epoch).
 * @throws WatchpostError `watchlist.incomplete` with the offending path, also when the entry has expired already.
 */
export function parseListEntryRecord(value: unknown, nowMs: number): ListEntryRecord {
  const now = new Date(nowMs).toISOString();
  return parseWith(
    listEntryRecordSchema.refine(({ expires }) => expires > now, {
      path: ['expires'],
      message: 'in the past',
    }),
    value,
    'watchlist.incomplete',
  );
}
