import { z } from 'zod';
import { positionSchema } from '../site/place.ts';
import { secretNameSchema } from '../site/secret.ts';
import { mailAddressSchema } from '../site/server-mail.ts';
import { topicLevelPattern } from '../wire/ids.ts';
import { polygonProblem } from './cap-geometry.ts';

/** Without a name or a password in it: those are secrets. */
const httpUrlSchema = z
  .string()
  .max(2_000)
  .refine(
    (text) => {
      if (!URL.canParse(text)) return false;
      const { protocol, username, password, hash } = new URL(text);
      return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
    },
    { error: 'expected https://host/path' },
  );

/** An address, or the name of the secret that holds it: who knows the address of a robot may write there. */
const secretUrlSchema = z.union([httpUrlSchema, z.strictObject({ secret: secretNameSchema })]);

/** A program that takes notices as JSON, signed with HMAC-SHA256. */
const webhookAddressSchema = z.strictObject({
  kind: z.literal('webhook'),
  url: secretUrlSchema,
  /** The key of the signature, by its name in the folder of secrets. */
  key: secretNameSchema,
});
export type WebhookAddress = z.infer<typeof webhookAddressSchema>;

/** A robot of a group chat: its whole address, by the name of the secret that holds it. */
const robot = secretNameSchema;

/** A group robot of WeCom (企业微信). */
const wecomAddressSchema = z.strictObject({ kind: z.literal('wecom'), robot });

/** A custom robot of DingTalk (钉钉); the key signs where the robot asks for it (加签). */
const dingtalkAddressSchema = z.strictObject({
  kind: z.literal('dingtalk'),
  robot,
  key: secretNameSchema.optional(),
});

/** A custom robot of Feishu (飞书); the key signs where the robot asks for it (签名校验). */
const feishuAddressSchema = z.strictObject({
  kind: z.literal('feishu'),
  robot,
  key: secretNameSchema.optional(),
});

/** A topic of an ntfy server. */
const ntfyAddressSchema = z.strictObject({
  kind: z.literal('ntfy'),
  /** `https://ntfy.example`, without the topic. */
  server: httpUrlSchema,
  /** A topic without access control is as secret as a password: then by the name of a secret. */
  topic: z.union([
    z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, 'expected [-_A-Za-z0-9]{1,64}'),
    z.strictObject({ secret: secretNameSchema }),
  ]),
  /** An access token, by its name in the folder of secrets. */
  token: secretNameSchema.optional(),
});
export type NtfyAddress = z.infer<typeof ntfyAddressSchema>;

/** Somebody’s mail address; mails go through the server of `mail` in server.yaml. */
const smtpAddressSchema = z.strictObject({ kind: z.literal('smtp'), to: mailAddressSchema });
export type SmtpAddress = z.infer<typeof smtpAddressSchema>;

/** A program or device at our broker; it finds its own notices on the topic of the site by this name. */
const mqttAddressSchema = z.strictObject({
  kind: z.literal('mqtt'),
  receiver: z.string().regex(topicLevelPattern, 'expected [A-Za-z0-9_-]{1,64}'),
});
export type MqttAddress = z.infer<typeof mqttAddressSchema>;

/** A warning system that takes messages of the Common Alerting Protocol 1.2, signed as webhooks are. */
const capAddressSchema = z.strictObject({
  kind: z.literal('cap'),
  url: secretUrlSchema,
  key: secretNameSchema,
  /** Whom the receiver knows as the sender: `alarm@watch.example`. */
  sender: z
    .string()
    .max(300)
    .regex(/^[^\s,<&]+$/, 'expected no blanks, commas, < and &'),
  category: z.enum(['Safety', 'Security', 'Fire', 'Health', 'Infra', 'Other']).default('Security'),
  /** The place that the warnings are about. */
  area: z.strictObject({
    description: z.string().min(1).max(300),
    /** `lat,lon lat,lon …`, the last pair being the first. */
    polygon: z
      .string()
      .max(10_000)
      .superRefine((text, context) => {
        const message = polygonProblem(text);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .optional(),
    circle: positionSchema.extend({ radiusM: z.number().min(1).max(100_000) }).optional(),
  }),
});
export type CapAddress = z.infer<typeof capAddressSchema>;

/** Where a receiver is reached, by channel. Secrets stand in it by their names. */
export const channelAddressSchema = z.discriminatedUnion('kind', [
  webhookAddressSchema,
  smtpAddressSchema,
  ntfyAddressSchema,
  wecomAddressSchema,
  dingtalkAddressSchema,
  feishuAddressSchema,
  capAddressSchema,
  mqttAddressSchema,
]);
export type ChannelAddress = z.infer<typeof channelAddressSchema>;
export type ChannelKind = ChannelAddress['kind'];
export const channelKinds = [
  'webhook',
  'smtp',
  'ntfy',
  'wecom',
  'dingtalk',
  'feishu',
  'cap',
  'mqtt',
] as const satisfies readonly ChannelKind[];
