import { z } from 'zod';
import { envelopeSchema } from './event.ts';

/** The type by which a gateway shows that what it says still comes through the whole chain. */
export const canaryType = 'watchpost.canary.v1';

/** How often a gateway may be told to show it, milliseconds. */
export const canaryPaceSchema = z.number().int().min(1_000).max(3_600_000);

const fields = {
  ...envelopeSchema.omit({ subject: true }).shape,
  type: z.literal(canaryType),
  data: z.strictObject({
    /** When the next one is to be expected, milliseconds after this one. */
    everyMs: canaryPaceSchema,
    /** Version of the edge agent. */
    version: z.string().min(1).max(32),
  }),
};

/**
 * A canary: it goes through outbox, broker and store like any event, in the lane of what is urgent, and is no
 * event of the site. It is in no history, map, count, score, replay or export, concerns no zone, and its
 * `source` names the gateway itself. Unknown extensions are tolerated as in an event.
 */
export const canarySchema = z.object(fields);
export type Canary = z.infer<typeof canarySchema>;

/** The whole message, used for the generated reference. */
export const canaryMessageSchema = z.looseObject(fields);

/** Whether a value says of itself that it is a canary. */
export function isCanary(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === canaryType;
}
