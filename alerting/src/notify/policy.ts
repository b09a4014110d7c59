import type { ChannelKind } from '@watchpost/contracts/api';
import { type NotifySection, notifySectionSchema } from '@watchpost/contracts/site';

/** Where notices may go when no server file says so: {@link notifySectionSchema}. */
export const defaultNetworks: readonly string[] = notifySectionSchema.parse({}).allowNetworks;

/** Links by which people take incidents, when no server file says otherwise. */
export const defaultAcknowledgeLink: NotifySection['acknowledgeLink'] = notifySectionSchema.parse(
  {},
).acknowledgeLink;

/** Every number of notices. Durations in milliseconds, sizes in bytes. */
export const notifyPolicy = {
  /** One try, from the look-up of the name to the end of the answer. */
  deadlineMs: 10_000,
  /** The same of a mail: servers look senders up before they answer. Shorter than the lease of a notice. */
  mailDeadlineMs: 20_000,
  /** Answers are read no further. */
  answerBytes: 64 * 1024,
  answerHeaderBytes: 16 * 1024,
  /** A receiver that asks for a longer pause is asked again after this. */
  pauseAtMostMs: 60 * 60_000,
  /** Pauses between tries where the receiver names none. */
  backOff: { firstMs: 1_000, maxMs: 5 * 60_000 },
} as const;

/**
 * What makers of group robots document, as of 2026: how many messages they take, how long a text may be
 * (bytes of UTF-8), and how long to wait after they complained.
 */
export const robotPolicy = {
  /** developer.work.weixin.qq.com/document/path/91770: 20 a minute, text up to 2,048 bytes. */
  wecom: {
    limits: [{ messages: 20, windowMs: 60_000, reserved: 5 }],
    textBytes: 2_048,
    pauseMs: 60_000,
  },
  /**
   * open.dingtalk.com/document/orgapp/custom-robot-access: 20 a minute, then none for ten minutes; messages
   * up to 15,000 bytes, of which JSON may take half (`\"`, `\n`).
   */
  dingtalk: {
    limits: [{ messages: 20, windowMs: 60_000, reserved: 5 }],
    textBytes: 7_000,
    pauseMs: 10 * 60_000,
  },
  /**
   * open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: 100 a minute and 5 a second; a request up to
   * 20 KB, of which JSON may take half.
   */
  feishu: {
    limits: [
      { messages: 5, windowMs: 1_000, reserved: 1 },
      { messages: 100, windowMs: 60_000, reserved: 20 },
    ],
    textBytes: 9_500,
    pauseMs: 60_000,
  },
} as const;

/** docs.ntfy.sh/publish/#limitations: 4,096 bytes; what is longer would become an attachment. */
export const ntfyPolicy = { textBytes: 4_096, titleBytes: 250 } as const;

/** Messages of the Common Alerting Protocol 1.2. */
export const capPolicy = {
  /** Of a message that comes in. */
  messageBytes: 256 * 1024,
  depthAtMost: 12,
  textCharacters: 20_000,
  /** Parts of one kind within another. */
  repeatedAtMost: 50,
} as const;

/** How a contact of a person is verified. */
export const contactPolicy = {
  codeDigits: 6,
  /** A code is good for so long, milliseconds, and for so many tries. */
  codeGoodMs: 10 * 60_000,
  codeTries: 5,
} as const;

/** Links in notices by which a person takes an incident. */
export const acknowledgeLinkPolicy = {
  /** A key signs for so long, and is good for as long again: longer than a link can be. */
  keyPeriodMs: 7 * 24 * 60 * 60_000,
  /** Requests of one address. */
  perMinute: 30,
  /** Ways that one person reads. What goes to a topic or to a warning system is read by others. */
  channels: [
    'smtp',
    'webhook',
    'ntfy',
    'wecom',
    'dingtalk',
    'feishu',
  ] satisfies ChannelKind[] as readonly ChannelKind[],
} as const;
