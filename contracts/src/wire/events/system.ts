import { z } from 'zod';
import { timeSchema, uuidSchema } from '../ids.ts';

const since = timeSchema;
/** Code of the error registry. */
const error = z.string().min(1).max(64);

const systemLossTypes = [
  'watchpost.broker.lost.v1',
  'watchpost.gateway.lost.v1',
  'watchpost.gateway.fault.v1',
  'watchpost.device.lost.v1',
  'watchpost.tamper.video_loss.v1',
  'watchpost.settings.broken.v1',
] as const;

/** How grave a public warning is, in the words of CAP 1.2. */
export const warningSeverities = ['extreme', 'severe', 'moderate', 'minor', 'unknown'] as const;
export const warningSeveritySchema = z.enum(warningSeverities);
export type WarningSeverity = z.infer<typeof warningSeveritySchema>;

/**
 * What alerting itself finds out: that nothing comes any more, that a gateway says of itself that something
 * is wrong, that a file of the server folder is broken, or that somebody warns the public. These open alerts
 * like what devices say; a gateway that sends one is refused with `wire.reserved_type`.
 */
export const systemEventDataSchemas = {
  /** Alerting has no connection to the broker: no gateway is heard, and no alert reaches apps and flows. */
  'watchpost.broker.lost.v1': z.strictObject({ since, error: error.optional() }),
  'watchpost.gateway.lost.v1': z.strictObject({
    since,
    /**
     * `offline`: it or the broker said so; `silent`: nothing came though nobody said so; `never_heard`: since
     * alerting came up.
     */
    reason: z.enum(['offline', 'silent', 'never_heard']),
    /** Devices that are not watched meanwhile. */
    devices: z.number().int().min(0),
  }),
  'watchpost.gateway.fault.v1': z.strictObject({ error }),
  'watchpost.device.lost.v1': z.strictObject({ since, error: error.optional() }),
  /** A file of the server folder has mistakes; these are the place and the code of the first. */
  'watchpost.settings.broken.v1': z.strictObject({
    since,
    /** Path from the server folder. */
    file: z.string().min(1).max(256),
    line: z.number().int().min(1),
    error,
    /** What goes on: `version_before` everything as it was; `devices_off` the file, without those devices. */
    reason: z.enum(['version_before', 'devices_off']),
  }),
  /** A public warning whose area reaches the site, of a sender that somebody accepted. */
  'watchpost.warning.received.v1': z.strictObject({
    /** The first message of those that follow each other. */
    warning: uuidSchema,
    severity: warningSeveritySchema,
    sender: z.string().min(1).max(200),
    text: z.string().min(1).max(500),
    /** Where, in the sender’s words. */
    area: z.string().max(500),
    expires: timeSchema,
  }),
  /** It holds no more here. */
  'watchpost.warning.ended.v1': z.strictObject({
    warning: uuidSchema,
    reason: z.enum(['cancelled', 'updated', 'expired', 'refused']),
  }),
  /** One of these is over. */
  'watchpost.system.restored.v1': z.strictObject({
    of: z.enum(systemLossTypes),
    /** Which fault, of `gateway.fault`. */
    error: error.optional(),
    /** Which file, of `settings.broken`. */
    file: z.string().min(1).max(256).optional(),
    durationMs: z.number().int().min(0),
  }),
} as const;

export type SystemEventType = keyof typeof systemEventDataSchemas;
export const systemEventTypes = Object.keys(systemEventDataSchemas) as readonly SystemEventType[];

export function isSystemEventType(type: unknown): type is SystemEventType {
  return typeof type === 'string' && Object.hasOwn(systemEventDataSchemas, type);
}
