import { z } from 'zod';
import { secretNameSchema } from '../site/secret.ts';

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
export const webhookAddressSchema = z.strictObject({
  kind: z.literal('webhook'),
  url: secretUrlSchema,
  /** The key of the signature, by its name in the folder of secrets. */
  key: secretNameSchema,
});
export type WebhookAddress = z.infer<typeof webhookAddressSchema>;

/** Where a receiver is reached, by channel. Secrets stand in it by their names. */
export const channelAddressSchema = z.discriminatedUnion('kind', [webhookAddressSchema]);
export type ChannelAddress = z.infer<typeof channelAddressSchema>;
export type ChannelKind = ChannelAddress['kind'];
