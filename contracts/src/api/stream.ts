import { z } from 'zod';
import { alertSchema } from '../alert/alert.ts';
import { siteIdSchema, timeSchema, uuidSchema } from '../wire/ids.ts';
import { alertCountsSchema } from './alerts.ts';
import { seenVersionsSchema } from './seen.ts';
import { gatewayStatusSchema } from './site.ts';

/**
 * `GET /api/v1/stream` (server-sent events, `text/event-stream`): `event:` is the type, `data:` the payload,
 * `id:` the position. A reader that comes back names the last position that it saw (`Last-Event-ID`, or
 * `?after=`). The first event is always `hello`: when it says `resumed`, what was missed follows; otherwise
 * the reader loads the lists again.
 */
export const streamPayloadSchemas = {
  hello: z.strictObject({
    version: z.string(),
    /** The server's clock. */
    time: timeSchema,
    resumed: z.boolean(),
  }),
  alert: alertSchema,
  /** Counts of alerts of the sites of the stream after changes, at most one a second and site. */
  counts: alertCountsSchema,
  gateway: gatewayStatusSchema,
  /** The heat map of a site changed: load it again, at most every ten seconds. */
  heat: z.strictObject({ site: siteIdSchema }),
  /**
   * The person who reads has seen these alerts up to these versions, on whatever device, or has taken that
   * back (`forgotten`). Null: so many that they are to be loaded again.
   */
  seen: z.strictObject({
    site: siteIdSchema,
    versions: seenVersionsSchema.nullable(),
    forgotten: z.array(uuidSchema),
  }),
  /** Every few seconds: who hears none for ten seconds has a dead connection. Without a position. */
  heartbeat: z.strictObject({ time: timeSchema }),
} as const;
export type StreamEventName = keyof typeof streamPayloadSchemas;
export type StreamPayload<N extends StreamEventName = StreamEventName> = z.infer<
  (typeof streamPayloadSchemas)[N]
>;
/** `GET /api/v1/stream`. */
export const streamQuerySchema = z.strictObject({
  /** Only of this site; of all that the person may see when absent. */
  site: siteIdSchema.optional(),
  /** Position after which to go on, for readers that cannot set `Last-Event-ID`. */
  after: z.string().max(64).optional(),
});
