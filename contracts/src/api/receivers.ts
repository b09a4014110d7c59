import { z } from 'zod';
import { severitySchema } from '../alert/alert.ts';
import { siteIdSchema, timeSchema, uuidSchema } from '../wire/ids.ts';
import { type ChannelAddress, channelAddressSchema } from './channel-address.ts';
import { noticeKinds, noticeLanguages } from './notices.ts';

/**
 * Secrets that a receiver may name begin so: who manages receivers chooses where they are sent, and is not to
 * send the other secrets of the server anywhere.
 */
export const receiverSecretPrefix = 'notify-';

/** Names of secrets that an address has, whatever its channel. */
const secretsOf = (address: ChannelAddress): string[] =>
  Object.entries(address).flatMap(([field, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null && 'secret' in value) return [String(value.secret)];
    return ['key', 'robot', 'token'].includes(field) && typeof value === 'string' ? [value] : [];
  });

const addressSchema = channelAddressSchema.refine(
  (address) => secretsOf(address).every((name) => name.startsWith(receiverSecretPrefix)),
  { error: `expected secrets whose names begin with ${receiverSecretPrefix}` },
);

/** A time of day by the wall clock of the site. */
const clockTimeSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 22:00');
/** When a receiver is told of what is critical alone; over midnight where it ends before it begins. */
export const quietHoursSchema = z.strictObject({ from: clockTimeSchema, to: clockTimeSchema });
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** `POST /api/v1/receivers?site=…`: makes a receiver of one site, or changes it. */
export const receiverRequestSchema = z.strictObject({
  /** Made by the client; the same again changes that receiver. */
  id: uuidSchema,
  /** As people call it: a post, a group, a program. */
  name: z.string().trim().min(1).max(80),
  /** Account of the person whose own it is, with whom it is erased; null: nobody’s. */
  account: uuidSchema.nullable().default(null),
  address: addressSchema,
  language: z.enum(noticeLanguages),
  /** It is told of alerts of these severities; none: only of what another one refused. */
  severities: z.array(severitySchema).max(4),
  /** It is told what others refuse. */
  fallback: z.boolean().default(false),
  /** Messages in ten minutes; the first about a critical alert is none of them. Null: no limit. */
  cap: z.number().int().min(1).max(1_000).nullable().default(20),
  /** Null: it may be told at any time. */
  quiet: quietHoursSchema.nullable().default(null),
});
export type ReceiverRequest = z.output<typeof receiverRequestSchema>;

/** A receiver, and how it goes. Secrets stand in its address by their names. */
export const receiverSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  name: z.string(),
  account: z.string().nullable(),
  address: channelAddressSchema,
  language: z.enum(noticeLanguages),
  severities: z.array(severitySchema),
  fallback: z.boolean(),
  cap: z.number().int().nullable(),
  quiet: quietHoursSchema.nullable(),
  madeAt: timeSchema,
  /**
   * Since it was changed last: when the code that was sent to it was typed in, or, of one that is
   * nobody’s own, when a test came through.
   */
  verifiedAt: timeSchema.nullable(),
  failingSince: timeSchema.nullable(),
  /** Code of why it was not told the last time. */
  fault: z.string().nullable(),
});
export type Receiver = z.infer<typeof receiverSchema>;
export const receiverListSchema = z.strictObject({ receivers: z.array(receiverSchema) });
export type ReceiverList = z.infer<typeof receiverListSchema>;

/** What came of `POST /api/v1/receivers/{id}/test`. */
export const receiverTestSchema = z.strictObject({
  outcome: z.enum(['sent', 'retry', 'refused']),
  /** Code of why it did not come through. */
  code: z.string().nullable(),
});
export type ReceiverTest = z.infer<typeof receiverTestSchema>;

/** `POST /api/v1/receivers/{id}/verify`: the code that `POST /api/v1/receivers/{id}/code` sent. */
export const receiverCodeSchema = z.strictObject({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'expected six digits'),
});
export type ReceiverCode = z.output<typeof receiverCodeSchema>;

/** `GET /api/v1/notices`. */
export const noticeQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  receiver: uuidSchema.optional(),
  /** Id of the alert. */
  subject: uuidSchema.optional(),
  /** `next` of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,16}\.[0-9a-f-]{36}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type NoticeQuery = z.output<typeof noticeQuerySchema>;

/** What one receiver was to be told, and what became of it. */
export const loggedNoticeSchema = z.strictObject({
  id: uuidSchema,
  site: siteIdSchema,
  /** Id of the alert. */
  subject: z.string(),
  receiver: uuidSchema,
  channel: z.string(),
  kind: z.enum(noticeKinds),
  severity: severitySchema,
  /** When what it says happened. */
  at: timeSchema,
  /** `lapsed`: nobody had to know any more. */
  state: z.enum(['waiting', 'sending', 'sent', 'refused', 'lapsed']),
  attempts: z.number().int().min(0),
  sentAt: timeSchema.nullable(),
  /** Of what waits: when it is tried next. */
  dueAt: timeSchema.nullable(),
  /** The limit of the receiver held it back until then. */
  cappedUntil: timeSchema.nullable(),
  /** The notice with which it was sent. */
  bundle: uuidSchema.nullable(),
  code: z.string().nullable(),
  remoteId: z.string().nullable(),
});
export type LoggedNotice = z.infer<typeof loggedNoticeSchema>;
export const noticePageSchema = z.strictObject({
  notices: z.array(loggedNoticeSchema),
  next: z.string().nullable(),
});
export type NoticePage = z.infer<typeof noticePageSchema>;
