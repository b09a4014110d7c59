import { z } from 'zod';
import { severitySchema } from '../alert/alert.ts';
import { siteIdSchema, timeSchema, topicLevelPattern, uuidSchema } from '../wire/ids.ts';

/** Languages in which the server writes. */
export const noticeLanguages = ['en', 'zh-CN'] as const;
export type NoticeLanguage = (typeof noticeLanguages)[number];

/** What a notice says of its subject. `system`: a part of Watchpost fails; `test`: the test button. */
export const noticeKinds = ['opened', 'updated', 'reminder', 'cleared', 'system', 'test'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** A notice as it leaves the server, ready to be read: the same for every channel. */
export const outgoingNoticeSchema = z.strictObject({
  /** The same in each try: a receiver that knows it has been told already. */
  id: uuidSchema,
  site: siteIdSchema,
  /** What it is about: an incident, an alert or a part of the system. */
  subject: z.string().min(1).max(128),
  /** Position among the notices about this subject; what is older says nothing any more. */
  seq: z.number().int().min(0),
  kind: z.enum(noticeKinds),
  severity: severitySchema,
  /** What the receiver was told of the subject before, oldest first. */
  follows: z
    .array(z.strictObject({ id: uuidSchema, at: timeSchema }))
    .max(20)
    .optional(),
  /** When what it says happened. */
  at: timeSchema,
  language: z.enum(noticeLanguages),
  title: z.string().min(1).max(300),
  /** Lines of plain text. */
  body: z.string().max(8_000),
  /** Where the console shows it. */
  link: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  /**
   * Where the person whom it is sent to takes the incident, once: as secret as a password. Never in what
   * others read too.
   */
  acknowledge: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});
export type OutgoingNotice = z.infer<typeof outgoingNoticeSchema>;

/** A notice as programs get it: by webhook, or by MQTT with the name of the receiver. */
export const sentNoticeSchema = outgoingNoticeSchema.extend({
  /** Form of this message. */
  version: z.literal(1),
  receiver: z.string().regex(topicLevelPattern).optional(),
});
