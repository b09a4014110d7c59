import { z } from 'zod';
import { clockSourceSchema } from '../clock.ts';
import {
  epochSchema,
  gatewayIdSchema,
  seqSchema,
  sourceSchema,
  timeSchema,
  uuidSchema,
  zoneIdSchema,
} from '../ids.ts';
import { type EventType, eventDataSchemas } from './event-types.ts';
import type { SystemEventType, systemEventDataSchemas } from './system.ts';

/**
 * CloudEvents 1.0 structured JSON (§2.1 required, §2.2 optional attributes) with the extensions
 * `gateway`, `epoch`, `seq`, `traceparent`, `clockoffset` and `clocksource`. Unknown extensions are tolerated
 * and ignored; unknown fields of `data` are refused.
 */
const envelopeFields = {
  specversion: z.literal('1.0'),
  /** UUIDv7: sorts by the time it was made. */
  id: uuidSchema,
  source: sourceSchema,
  /** When it was captured, by the gateway’s clock. */
  time: timeSchema,
  /** The zone that it concerns. */
  subject: zoneIdSchema,
  datacontenttype: z.literal('application/json').optional(),
  gateway: gatewayIdSchema,
  epoch: epochSchema,
  seq: seqSchema,
  /** W3C Trace Context: the id that follows the event through every stage. */
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional(),
  /**
   * Server time minus the gateway's clock in milliseconds when the event was captured: the corrected time is
   * `time` plus this. Absent from older gateways and while no offset is known.
   */
  clockoffset: z.number().int().optional(),
  /** Where the offset comes from; `none` says that the gateway knows none. Absent from older gateways. */
  clocksource: clockSourceSchema.optional(),
};

/**
 * The envelope of an event whose `data` was not looked at yet. Unknown extensions are left out: nobody
 * checked what is in them, nor how much.
 */
export const envelopeSchema = z.object({
  ...envelopeFields,
  type: z.string().min(1).max(128),
  data: z.unknown(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

export type EventData<T extends EventType = EventType> = z.infer<(typeof eventDataSchemas)[T]>;

/**
 * The envelope without its tolerated extensions: `Omit` over an index signature would lose every named field.
 */
type EnvelopeFields = z.infer<z.ZodObject<typeof envelopeFields>>;

/** An event of a known type with checked `data`. */
export type WatchpostEvent = {
  [T in EventType]: EnvelopeFields & { type: T; data: EventData<T> };
}[EventType];

/** What alerting itself says: like an event of its own outbox. */
export type SystemEvent = {
  [T in SystemEventType]: EnvelopeFields & { type: T; data: z.infer<(typeof systemEventDataSchemas)[T]> };
}[SystemEventType];

/** Whatever can be stored and can alert. */
export type StoredEvent = WatchpostEvent | SystemEvent;

/** The schema of one event type’s whole message, used for the generated reference. */
export function eventSchema(type: EventType) {
  return z.looseObject({ ...envelopeFields, type: z.literal(type), data: eventDataSchemas[type] });
}
