import { z } from 'zod';
import { timeSchema, uuidSchema } from './ids.ts';

/** What passes and gates are called: visible ASCII, as a pass has it in its claims. */
export const passNameSchema = z.string().regex(/^[\x21-\x7e]{1,64}$/, 'expected 1–64 visible characters');

/**
 * `POST /pass-uses` at the gateway door: a gateway asks before it lets somebody in, or tells what it let in
 * without an answer. Who asks, and of which site, says its certificate.
 */
export const passUseSchema = z.strictObject({
  /** Made by the gateway for this use: a repeat counts once. It serves no other pass. */
  id: uuidSchema,
  /** Of the pass, whose signature the gateway has checked. */
  iss: passNameSchema,
  jti: passNameSchema,
  /** When the pass ends, seconds since the epoch. */
  exp: z.number().int().min(1).max(1e11),
  maxUses: z.number().int().min(1).max(1_000),
  /** The half minute of the holder’s proof; paper passes have none. */
  proof: z.number().int().min(0).max(1e11).optional(),
  /** Where it was shown. */
  gate: passNameSchema,
  at: timeSchema,
  /** The gate has opened already, because no answer came in time: this is counted whatever it says. */
  taken: z.boolean(),
});
export type PassUse = z.infer<typeof passUseSchema>;

/** Why the server lets a use not pass. */
export const passUseRefusals = ['used_up', 'replayed', 'revoked'] as const;

/** Answer of `POST /pass-uses`. What a later version adds is not looked at. */
export const passUseAnswerSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('counted'),
    /** Over all gateways of the site, with this one. */
    uses: z.number().int().min(1),
    left: z.number().int().min(0),
    /** More than the pass allows: only for a use that was taken already. */
    over: z.boolean(),
  }),
  z.object({ outcome: z.literal('refused'), reason: z.enum(passUseRefusals) }),
]);
export type PassUseAnswer = z.infer<typeof passUseAnswerSchema>;

/** As the gateway door, or a gateway that the server runs itself, hands it on within the server. */
export const siteUseSchema = z.strictObject({
  site: z.string().min(1).max(64),
  gateway: z.string().min(1).max(64),
  use: passUseSchema,
});
export type SiteUse = z.infer<typeof siteUseSchema>;
