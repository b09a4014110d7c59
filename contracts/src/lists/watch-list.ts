import { z } from 'zod';
import { listPolicy } from '../site/policy-lists.ts';
import { entryIdSchema, timeSchema, zoneIdSchema } from '../wire/ids.ts';
import { parseWith } from '../wire/parse.ts';

/**
 * Who approves is named as their account is: letters, digits and `. _ @ -`. So no blank, invisible or
 * look-alike letter makes one person two.
 */
const approverSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'expected the name of an account');
const approvalSchema = z.strictObject({ by: approverSchema, at: timeSchema });

/** A text that says something: letters or digits of any script, not blanks and marks that nobody sees. */
const saying = z
  .string()
  .max(200)
  .refine((text) => (text.match(/[\p{L}\p{N}]/gu) ?? []).length >= listPolicy.fewestLetters, 'says nothing');

/**
 * Why a face is on a list. Without every field, and without two different people's approval for the
 * watch-list, no entry is made (privacy rule 1).
 */
export const listEntryRecordSchema = z
  .strictObject({
    entry: entryIdSchema,
    list: z.enum(['watch', 'access']),
    legalBasis: saying,
    authority: saying,
    purpose: saying,
    /** Zones in which the entry may match. */
    area: z.array(zoneIdSchema).min(1).max(500),
    expires: timeSchema,
    approvals: z.array(approvalSchema).min(1).max(8),
  })
  .superRefine(({ list, approvals }, context) => {
    const people = new Set(approvals.map(({ by }) => by.toLowerCase()));
    if (list === 'watch' && people.size < 2) {
      context.addIssue({
        code: 'custom',
        path: ['approvals'],
        message: 'two different people approve a watch-list entry',
      });
    }
  });
export type ListEntryRecord = z.infer<typeof listEntryRecordSchema>;

/** The rules that depend on the time at which a record is looked at. */
const lawfulAt = (nowMs: number) =>
  listEntryRecordSchema.superRefine(({ list, expires, approvals }, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (Date.parse(expires) > nowMs + listPolicy.longestValidMs[list]) refuse(['expires'], 'too far ahead');
    for (const [index, { at }] of approvals.entries())
      if (Date.parse(at) > nowMs + listPolicy.clockSkewMs)
        refuse(['approvals', index, 'at'], 'in the future');
  });

/**
 * Checks the record of a new list entry at `nowMs` (milliseconds since the epoch).
 * @throws WatchpostError `watchlist.incomplete` with the offending path: something is missing or says
 *   nothing, an approval is dated
 * ahead, or the entry has expired already or lasts longer than {@link listPolicy} allows.
 */
export function parseListEntryRecord(value: unknown, nowMs: number): ListEntryRecord {
  return parseWith(
    lawfulAt(nowMs).refine(({ expires }) => Date.parse(expires) > nowMs, {
      path: ['expires'],
      message: 'in the past',
    }),
    value,
    'watchlist.incomplete',
  );
}

/**
 * The rules that hold at any time, for a reader whose own clock may be wrong: counted from the last approval.
 */
const lawfulOnce = listEntryRecordSchema.superRefine(({ list, expires, approvals }, context) => {
  const last = Math.max(...approvals.map(({ at }) => Date.parse(at)));
  const lasts = Date.parse(expires) - last;
  if (lasts <= 0 || lasts > listPolicy.longestValidMs[list])
    context.addIssue({
      code: 'custom',
      path: ['expires'],
      message: 'too long after its approval, or before it',
    });
});

/**
 * Checks a record that is stored with its entry; it may have expired since, and then matches nothing.
 * @param prefix path of the record in what it is stored in
 * @throws WatchpostError `watchlist.incomplete` with the offending path
 */
export function parseStoredListEntryRecord(value: unknown, prefix = ''): ListEntryRecord {
  return parseWith(lawfulOnce, value, 'watchlist.incomplete', prefix);
}
