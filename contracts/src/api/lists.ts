import { z } from 'zod';
import { listEntryRecordSchema } from '../lists/watch-list.ts';
import { entryIdSchema, gatewayIdSchema, siteIdSchema, timeSchema, zoneIdSchema } from '../wire/ids.ts';

/** `draft → proposed → active → withdrawn | expired → erased`; a refusal leads back to `draft`. */
export const listStates = ['draft', 'proposed', 'active', 'withdrawn', 'expired', 'erased'] as const;
export const listStateSchema = z.enum(listStates);
export type ListState = z.infer<typeof listStateSchema>;

export const listKindSchema = listEntryRecordSchema.shape.list;
export type ListKind = z.infer<typeof listKindSchema>;

/** What is still missing before an entry is active. */
export const listGaps = ['photo', 'proposal', 'approval'] as const;
export type ListGap = (typeof listGaps)[number];

/** What the person who asks may do with an entry now. */
export const listSteps = ['edit', 'propose', 'approve', 'refuse', 'withdraw', 'review', 'erase'] as const;
export const listStepSchema = z.enum(listSteps);
export type ListStep = z.infer<typeof listStepSchema>;

const { legalBasis, authority, purpose, area } = listEntryRecordSchema.shape;
const text = (most: number) => z.string().trim().max(most);
const reasonSchema = text(1_000).min(3);

const fields = {
  list: listKindSchema,
  /** What people call the entry; never leaves the server. */
  label: text(100).min(1),
  legalBasis,
  authority,
  purpose,
  /** Why this person is on the list. */
  reason: text(1_000),
  /** What officers do when the person is seen. */
  instruction: text(1_000),
  area,
  expires: timeSchema,
  /** When somebody looks whether the entry is still needed. */
  review: timeSchema,
};

/** `POST /api/v1/lists?site=…`: makes a draft. */
export const listEntryRequestSchema = z.strictObject(fields);
export type ListEntryRequest = z.infer<typeof listEntryRequestSchema>;

/** `POST /api/v1/lists/{id}`: changes it. Signatures that it had are void, and it is a draft again. */
export const listEditRequestSchema = z.strictObject({ ...fields, version: z.number().int().min(1) });
export type ListEditRequest = z.infer<typeof listEditRequestSchema>;

/** `POST /api/v1/lists/{id}/propose|approve`. */
export const listStepRequestSchema = z.strictObject({
  /** What the person saw. */
  version: z.number().int().min(1),
  reason: text(1_000).optional(),
});
export type ListStepRequest = z.infer<typeof listStepRequestSchema>;

/** `POST /api/v1/lists/{id}/refuse|withdraw|erase`, and `review` with the date of the next one. */
export const listReasonRequestSchema = listStepRequestSchema.extend({ reason: reasonSchema });
export const listReviewRequestSchema = listReasonRequestSchema.extend({ review: timeSchema });

/** `POST /api/v1/lists/{id}/photos/{index}/view`: a photo is seen for a reason. */
export const photoViewRequestSchema = z.strictObject({ reason: reasonSchema });

/** An account that signed: its id, and its name at that time. */
export const listPersonSchema = z.strictObject({ account: z.string(), name: z.string() });

/** An entry in a list. */
export const listedEntrySchema = z.strictObject({
  site: siteIdSchema,
  id: entryIdSchema,
  version: z.number().int(),
  list: listKindSchema,
  /** Empty once it is erased. */
  label: z.string(),
  state: listStateSchema,
  area: z.array(zoneIdSchema),
  expires: timeSchema,
  review: timeSchema,
  photos: z.number().int().min(0),
  missing: z.array(z.enum(listGaps)),
  updatedAt: timeSchema,
});
export type ListedEntry = z.infer<typeof listedEntrySchema>;

/** One entry, with who signed it. */
export const listEntrySchema = listedEntrySchema.extend({
  legalBasis: z.string(),
  authority: z.string(),
  purpose: z.string(),
  reason: z.string(),
  instruction: z.string(),
  createdAt: timeSchema,
  /** Who proposed it, or changed it last. */
  author: listPersonSchema,
  /** Whose signatures hold; that of the author is the proposal. */
  approvals: z.array(listPersonSchema.extend({ at: timeSchema })),
  may: z.array(listStepSchema),
  /** How far its erasure has come on the gateways; null while none is known of. */
  erasure: z
    .strictObject({
      receipts: z.number().int(),
      of: z.number().int(),
      waitingFor: z.array(gatewayIdSchema),
      settled: z.boolean(),
    })
    .nullable(),
});
export type ListEntry = z.infer<typeof listEntrySchema>;

/** `GET /api/v1/lists`. */
export const listQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  list: listKindSchema.optional(),
  state: listStateSchema.optional(),
  /** Only what is active and is to be reviewed, or expires, soon. */
  due: z.enum(['true', 'false']).optional(),
  /** Part of a label; every search is in the audit log. */
  search: z
    .string()
    .trim()
    .max(100)
    .refine((value) => (value.match(/[\p{L}\p{N}]/gu) ?? []).length >= 2, 'expected two letters at least')
    .optional(),
  /** `next` of the page before. */
  cursor: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ListQuery = z.output<typeof listQuerySchema>;

export const listPageSchema = z.strictObject({
  entries: z.array(listedEntrySchema),
  next: z.string().nullable(),
});
export type ListPage = z.infer<typeof listPageSchema>;

/** Answer of `POST /api/v1/lists/{id}/photos`. */
export const photoAnswerSchema = z.strictObject({
  entry: listEntrySchema,
  /** Entries that the person may see and that look alike. */
  duplicates: z.array(
    z.strictObject({ id: entryIdSchema, label: z.string(), likeness: z.enum(['same', 'similar']) }),
  ),
});
export type PhotoAnswer = z.infer<typeof photoAnswerSchema>;
