import { z } from 'zod';
import { warningSeveritySchema } from '../wire/events/system.ts';
import { siteIdSchema, timeSchema, uuidSchema } from '../wire/ids.ts';

/** Names of senders in the Common Alerting Protocol (CAP 1.2 §3.2.1). */
const senderSchema = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\s,<&]+$/, 'expected no blanks, commas, < and &');

/**
 * What became of a message. `alerted`: it is an alert of the site, or was; `quarantined`: nobody has looked
 * at its sender yet; `refused`: its sender is; `elsewhere`: its area is not that of the site; `exercise`: it
 * is a test, an exercise or a message between systems; `expired`: it was over when it came; `ended`: it
 * ended what it refers to; `noted`: it says nothing that holds.
 */
export const warningStates = [
  ...(['alerted', 'quarantined', 'refused', 'elsewhere'] as const),
  ...(['exercise', 'expired', 'ended', 'noted'] as const),
] as const;
export const warningStateSchema = z.enum(warningStates);
export type WarningState = z.infer<typeof warningStateSchema>;

/** `POST /api/v1/warnings`: the answer to a message of CAP 1.2. A repeat gets the same. */
export const warningTakenSchema = z.strictObject({ id: uuidSchema, state: warningStateSchema });
export type WarningTaken = z.infer<typeof warningTakenSchema>;

/** A message as it came. */
export const warningMessageSchema = z.strictObject({
  id: uuidSchema,
  site: siteIdSchema,
  sender: senderSchema,
  identifier: z.string().max(300),
  sent: timeSchema,
  receivedAt: timeSchema,
  state: warningStateSchema,
  msgType: z.string().max(16),
  status: z.string().max(16),
  severity: warningSeveritySchema,
  /** The headline, or what happens. */
  text: z.string().max(500),
  /** Where, in the sender’s words. */
  area: z.string().max(500),
  expires: timeSchema.nullable(),
  /** Whether it carries a signature. It is not checked. */
  signed: z.boolean(),
});
export type WarningMessage = z.infer<typeof warningMessageSchema>;

/** `GET /api/v1/warnings`: who sends, and the newest messages. */
export const warningListSchema = z.strictObject({
  senders: z.array(
    z.strictObject({
      site: siteIdSchema,
      sender: senderSchema,
      /** `unknown`: its messages wait in quarantine. */
      state: z.enum(['accepted', 'refused', 'unknown']),
      messages: z.number().int().min(0),
      lastAt: timeSchema.nullable(),
    }),
  ),
  messages: z.array(warningMessageSchema),
});
export type WarningList = z.infer<typeof warningListSchema>;

/** `POST /api/v1/warnings/senders`: what holds of a sender from now on. */
export const warningSenderRequestSchema = z.strictObject({
  sender: senderSchema,
  to: z.enum(['accepted', 'refused']),
  reason: z.string().trim().min(1).max(500),
});
export type WarningSenderRequest = z.infer<typeof warningSenderRequestSchema>;
