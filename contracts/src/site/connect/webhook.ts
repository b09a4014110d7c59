import { z } from 'zod';
import { secretSchema } from '../secret.ts';
import { mappingSchema } from './mapping.ts';

/**
 * A device or another system that calls the gateway: `POST /hook/<id>` at the gateway’s `hooks`, each message
 * signed with a key of its own.
 */
export const webhookConnectSchema = z.strictObject({
  driver: z.literal('webhook'),
  /** The key of its signatures (HMAC-SHA256), at least 16 characters. */
  key: secretSchema,
  value: mappingSchema.prefault({}),
});
export type WebhookConnect = z.infer<typeof webhookConnectSchema>;
