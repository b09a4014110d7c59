import { z } from 'zod';
import { alertSchema, severitySchema } from '../alert/alert.ts';
import { deviceIdSchema, siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';
import { dutyTimeSchema } from './duty.ts';

/** Wall time of the site. */
const clockTimeSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 08:00');

/** `walk_test`: alerts that open meanwhile are of a test, and are closed as such at the end. */
export const silencePurposes = ['quiet', 'walk_test'] as const;

/** Which alerts of the site a silence covers; null: whatever they have there. */
export const silenceMatchSchema = z.strictObject({
  zones: z.array(zoneIdSchema).min(1).max(100).nullable().default(null),
  devices: z.array(deviceIdSchema).min(1).max(100).nullable().default(null),
  /** Types of events, or `type/kind` of one: `watchpost.sensor.alarm.v1/door`. */
  kinds: z
    .array(z.string().regex(/^watchpost\.[a-z_]+\.[a-z_]+\.v1(?:\/[A-Za-z0-9_./-]{1,64})?$/))
    .min(1)
    .max(50)
    .nullable()
    .default(null),
  /** The gravest that it covers. */
  highest: severitySchema,
  /** Whether it covers danger to life too: it does from when a second person has signed it. */
  danger: z.boolean().default(false),
});
export type SilenceMatch = z.output<typeof silenceMatchSchema>;

/**
 * On which days of the week (1 is Monday, ISO 8601) it holds, by the day on which it begins, and from when to
 * when; over midnight when `to` is not later than `from`. Wall time of the site.
 */
export const silenceHoursSchema = z.strictObject({
  weekdays: z
    .array(z.number().int().min(1).max(7))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'expected each day once'),
  from: clockTimeSchema,
  to: clockTimeSchema,
});
export type SilenceHours = z.infer<typeof silenceHoursSchema>;

const said = {
  purpose: z.enum(silencePurposes).default('quiet'),
  match: silenceMatchSchema,
  /** Absent: at once. Instants, or wall time of the site. */
  from: dutyTimeSchema.optional(),
  until: dutyTimeSchema,
  /** Null: all the time. */
  hours: silenceHoursSchema.nullable().default(null),
};
const reasonSchema = z.string().trim().min(3).max(500);
const versionSchema = z.number().int().min(1);

/** `POST /api/v1/silences?site=…`. */
export const silenceRequestSchema = z.strictObject({
  /** Made by the client; a repeat of the same request has the first answer. */
  id: uuidSchema,
  ...said,
  reason: reasonSchema,
});
export type SilenceRequest = z.output<typeof silenceRequestSchema>;

/** `POST /api/v1/silences/preview?site=…`: what such a silence hides. */
export const silencePreviewRequestSchema = z.strictObject(said);
export type SilencePreviewRequest = z.output<typeof silencePreviewRequestSchema>;
const countSchema = z.number().int().min(0);
export const silencePreviewSchema = z.strictObject({
  /** Unresolved alerts that it would cover if it held now. */
  now: countSchema,
  /** Alerts that opened within the last days and that it would have covered. */
  before: countSchema,
  /** Of these it leaves out, because a life may be in danger. */
  danger: countSchema,
  /** How many days that were. */
  days: countSchema,
  /** Whether there were more alerts than were looked at. */
  capped: z.boolean(),
});
export type SilencePreview = z.infer<typeof silencePreviewSchema>;

/** `POST /api/v1/silences/{id}`: another end. A signature is for the end that was signed. */
export const silenceChangeRequestSchema = z.strictObject({
  version: versionSchema,
  until: dutyTimeSchema,
  reason: reasonSchema,
});
export type SilenceChangeRequest = z.output<typeof silenceChangeRequestSchema>;

/** `POST /api/v1/silences/{id}/end`. */
export const silenceEndRequestSchema = z.strictObject({ version: versionSchema, reason: reasonSchema });
/** `POST /api/v1/silences/{id}/sign`. */
export const silenceSignRequestSchema = z.strictObject({ version: versionSchema });

/** `active`: it holds now; `waiting`: its time, or its hours, come; `ended`: it holds no more. */
export const silenceStates = ['active', 'waiting', 'ended'] as const;

const doneSchema = z.strictObject({ at: timeSchema, by: z.string() });
export const silenceSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  version: versionSchema,
  state: z.enum(silenceStates),
  purpose: z.enum(silencePurposes),
  match: silenceMatchSchema,
  from: timeSchema,
  until: timeSchema,
  hours: silenceHoursSchema.nullable(),
  timeZone: z.string(),
  reason: z.string(),
  made: doneSchema.extend({ account: z.string() }),
  /** Of one that covers danger to life: who signed that; null while nobody has. */
  signed: doneSchema.nullable(),
  /** Of one that was ended early. */
  ended: doneSchema.extend({ reason: z.string() }).nullable(),
  /** Alerts that it keeps quiet now. */
  hides: countSchema,
  /** All that it has kept quiet. */
  hid: countSchema,
});
export type Silence = z.infer<typeof silenceSchema>;

/**
 * `GET /api/v1/silences`: those that have not ended, or with `ended=yes` those that have, the newest first.
 */
export const silenceQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  ended: z.enum(['yes', 'no']).default('no'),
});
export const silenceListSchema = z.strictObject({
  silences: z.array(silenceSchema),
  time: timeSchema,
});
export type SilenceList = z.infer<typeof silenceListSchema>;
/** `GET /api/v1/silences/{id}`: with what it has kept quiet, the newest first, 100 at most. */
export const silenceDetailSchema = silenceSchema.extend({ alerts: z.array(alertSchema) });
export type SilenceDetail = z.infer<typeof silenceDetailSchema>;

const step = { id: uuidSchema, version: versionSchema };
/** `POST /api/v1/alerts/{id}/snooze`: nobody is told of the alert until then. */
export const snoozeRequestSchema = z.strictObject({
  ...step,
  until: timeSchema,
  reason: z.string().trim().max(500).optional(),
});
export type SnoozeRequest = z.output<typeof snoozeRequestSchema>;
/** `POST /api/v1/alerts/{id}/unsnooze`. */
export const unsnoozeRequestSchema = z.strictObject(step);
export type UnsnoozeRequest = z.output<typeof unsnoozeRequestSchema>;
