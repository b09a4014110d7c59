import { z } from 'zod';
import { localizedTextSchema } from '../site/place.ts';
import { siteGateSchema } from '../site/site-gates.ts';
import { gatewayIdSchema, siteIdSchema, timeSchema, uuidSchema } from '../wire/ids.ts';
import { passNameSchema } from '../wire/pass-use.ts';

/** What somebody comes for: a closed list, because what people write is names. */
export const passPurposes = ['visit', 'delivery', 'work', 'event', 'other'] as const;
export const passPurposeSchema = z.enum(passPurposes);
export type PassPurpose = z.infer<typeof passPurposeSchema>;

/**
 * `waiting`: not valid yet. `held`: it comes out of a backup, and whether it was revoked or used since nobody
 * knows; it opens nothing until somebody confirms it.
 */
export const passStates = ['waiting', 'valid', 'held', 'used_up', 'expired', 'revoked'] as const;
export const passStateSchema = z.enum(passStates);
export type PassState = z.infer<typeof passStateSchema>;

/**
 * The number of an order or an appointment. It has a digit and no space, so that nobody writes a name there:
 * passes know no person (design of the passes).
 */
export const passReferenceSchema = z
  .string()
  .regex(/^(?=.*\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,31}$/, 'expected a number such as WO-4711, without spaces');

/** `POST /api/v1/passes?site=…`: issues a pass. */
export const passRequestSchema = z.strictObject({
  /** Made by the client; a repeat of the same request has the first answer. */
  id: uuidSchema,
  /** Gates that it opens, by name. */
  gates: z
    .array(passNameSchema)
    .min(1)
    .max(16)
    .refine((gates) => new Set(gates).size === gates.length, 'expected each gate once'),
  purpose: passPurposeSchema,
  reference: passReferenceSchema.optional(),
  /** Address code of the unit that is visited. */
  address: passNameSchema.optional(),
  /** Absent: from now on. */
  notBefore: timeSchema.optional(),
  notAfter: timeSchema,
  maxUses: z.number().int().min(1).max(1_000),
});
export type PassRequest = z.infer<typeof passRequestSchema>;

/** `POST /api/v1/passes/{id}/revoke`. */
export const passRevokeRequestSchema = z.strictObject({ reason: z.string().trim().min(3).max(1_000) });

/** `POST /api/v1/passes/confirm`: passes that are held since a restore are good again. */
export const passConfirmRequestSchema = z.strictObject({ ids: z.array(uuidSchema).min(1).max(100) });
/** How many of them were held. */
export const passConfirmAnswerSchema = z.strictObject({ confirmed: z.number().int().min(0) });

/** `GET /api/v1/passes`. */
export const passQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  state: passStateSchema.optional(),
  gate: passNameSchema.optional(),
  /** Only those that were used more often than they allow. */
  over: z.enum(['true', 'false']).optional(),
  /** `next` of the page before. */
  cursor: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type PassQuery = z.output<typeof passQuerySchema>;

/** A pass in a list. */
export const listedPassSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  state: passStateSchema,
  gates: z.array(z.string()),
  purpose: passPurposeSchema,
  reference: z.string().nullable(),
  address: z.string().nullable(),
  notBefore: timeSchema,
  notAfter: timeSchema,
  maxUses: z.number().int(),
  /** Over all gateways of the site. */
  uses: z.number().int(),
  /** Of them, those that gateways let in without an answer and that were too many. */
  over: z.number().int(),
  issuedAt: timeSchema,
  /** Name of the account. */
  issuedBy: z.string(),
});
export type ListedPass = z.infer<typeof listedPassSchema>;

export const passPageSchema = z.strictObject({
  passes: z.array(listedPassSchema),
  next: z.string().nullable(),
});
export type PassPage = z.infer<typeof passPageSchema>;

/** One pass with its uses. The pass itself, that opens a gate, is not in it. */
export const passSchema = listedPassSchema.extend({
  revoked: z.strictObject({ at: timeSchema, by: z.string(), reason: z.string() }).nullable(),
  /** The link for the visitor; when it was opened first. */
  link: z.strictObject({ madeAt: timeSchema, openedAt: timeSchema.nullable() }).nullable(),
  /** The newest 200. */
  usesTaken: z.array(
    z.strictObject({
      at: timeSchema,
      gate: z.string(),
      gateway: gatewayIdSchema,
      /** The gate opened without an answer of the server. */
      offline: z.boolean(),
      /** It was one too many. */
      over: z.boolean(),
    }),
  ),
});
export type Pass = z.infer<typeof passSchema>;

/** Answer of `POST /api/v1/passes/{id}/show`: what the code of a printed pass says. Secret. */
export const passCodeSchema = z.strictObject({ text: z.string() });

/** Answer of `POST /api/v1/passes/{id}/link`: shown this once. */
export const passLinkSchema = z.strictObject({ token: z.string(), expires: timeSchema });
export type PassLink = z.infer<typeof passLinkSchema>;

/** `POST /api/v1/pass-link`: what the visitor’s phone shows. */
export const passLinkRequestSchema = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
export const linkedPassSchema = z.strictObject({
  text: z.string(),
  /** Of the site. */
  name: localizedTextSchema,
  timeZone: z.string(),
  gates: z.array(z.string()),
  address: z.string().nullable(),
  notBefore: timeSchema,
  notAfter: timeSchema,
  maxUses: z.number().int(),
});
export type LinkedPass = z.infer<typeof linkedPassSchema>;

/** `GET /api/v1/passes/gates`: where the person may let somebody in, and what a pass may be. */
export const passGatesSchema = z.strictObject({
  /** What time it is at the server: a pass that is good from now on begins by it. */
  time: timeSchema,
  gates: z.array(siteGateSchema),
  /** Longest time from now to the end of a pass, hours. */
  longestHours: z.number().int(),
  usesAtMost: z.number().int(),
});
export type PassGates = z.infer<typeof passGatesSchema>;
