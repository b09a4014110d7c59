import { z } from 'zod';
import { timeSchema } from '../wire/ids.ts';

/** Where people write in their own words, and so may have named somebody. */
export const freeTextKinds = [
  'alert_step',
  'report',
  'incident_note',
  'handover_notes',
  'handover_remark',
  'duty_reason',
  'silence_reason',
  'silence_end',
  'offer_note',
  'offer_end',
  'task_step',
  'pass_revoked',
  'plate_retired',
] as const;
export type FreeTextKind = (typeof freeTextKinds)[number];

const wordsSchema = z.string().trim().min(2).max(100);
const place = {
  kind: z.enum(freeTextKinds),
  /** Of the text, as it was found. */
  id: z.string().regex(/^(\d{1,18}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/),
};

/** `POST /api/v1/free-text/find?site=…`: words of a name, in the body and so in no address and no log. */
export const freeTextFindRequestSchema = z.strictObject({ words: wordsSchema });

/** The newest first, 200 at most. */
export const freeTextFoundSchema = z.strictObject({
  texts: z.array(z.strictObject({ ...place, at: timeSchema, text: z.string() })),
  /** There are more than these. */
  more: z.boolean(),
  /** Entries of the audit log whose reason has the words: it keeps them until its own time is over. */
  audited: z.number().int().min(0),
});
export type FreeTextFound = z.infer<typeof freeTextFoundSchema>;

/** `POST /api/v1/free-text/strike?site=…`. */
export const freeTextStrikeRequestSchema = z.strictObject({
  words: wordsSchema,
  /** The whole text; else the words alone. */
  whole: z.boolean().default(false),
  places: z.array(z.strictObject(place)).min(1).max(200),
  reason: z.string().trim().min(3).max(1_000),
});
export type FreeTextStrikeRequest = z.input<typeof freeTextStrikeRequestSchema>;

/** How many texts are others now; the rest did not hold the words any more. */
export const freeTextStruckSchema = z.strictObject({ struck: z.number().int().min(0) });
export type FreeTextStruck = z.infer<typeof freeTextStruckSchema>;
