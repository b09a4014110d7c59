import { z } from 'zod';
import { alertSchema } from '../alert.ts';
import { gatewayStatusSchema } from './site.ts';

/**
 * `GET /api/v1/stream` (server-sent events, `text/event-stream`): `event:` is the type, `data:` the payload. After the
 * connection a `hello` comes first; a reader that reconnects loads `/api/v1/alerts` again, so nothing is lost between.
 */
export const streamPayloadSchemas = {
  hello: z.strictObject({ version: z.string() }),
  alert: alertSchema,
  gateway: gatewayStatusSchema,
  /** The heat map changed: load it again. */
  heat: z.strictObject({}),
} as const;
export type StreamEventName = keyof typeof streamPayloadSchemas;
export type StreamPayload<N extends StreamEventName = StreamEventName> = z.infer<
  (typeof streamPayloadSchemas)[N]
>;
