import { z } from 'zod';
import { armingModeSchema } from '../site/arming.ts';
import { localizedTextSchema } from '../site/place.ts';
import { deviceIdSchema, siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';

/**
 * `exit`: armed at `until`; `entry`: somebody came in and has until then to disarm; `alarm`: the entry delay
 * ended, and it is still armed.
 */
export const armingPhases = ['disarmed', 'exit', 'armed', 'entry', 'alarm'] as const;
export type ArmingPhase = (typeof armingPhases)[number];

/** `once`: until the area is disarmed; `closed`: until the device says that it is closed. */
export const bypassEnds = ['once', 'closed'] as const;
const bypassEndSchema = z.enum(bypassEnds);

/** Why an area is not ready: `unknown`: the device has not said yet whether it is open. */
export const readinessProblems = ['open', 'covered', 'lost', 'unknown'] as const;
export const readinessProblemSchema = z.strictObject({
  device: deviceIdSchema,
  problem: z.enum(readinessProblems),
  /** Null: not known. */
  since: timeSchema.nullable(),
});
export type ReadinessProblem = z.infer<typeof readinessProblemSchema>;

const versionSchema = z.number().int().min(0);
const bySchema = z.string().max(64);

export const areaBypassSchema = z.strictObject({
  device: deviceIdSchema,
  until: bypassEndSchema,
  /** Null: by a schedule. */
  by: bySchema.nullable(),
  at: timeSchema,
});
export type AreaBypass = z.infer<typeof areaBypassSchema>;

/** What an area comes to next by its schedules. */
export const nextArmingSchema = z.strictObject({
  at: timeSchema,
  mode: z.enum([...armingModeSchema.options, 'disarm']),
  /** From when on it is to be shown. */
  warnFrom: timeSchema,
  /** By how many minutes it may still be put off; 0: not any more. */
  postponeMinutes: z.number().int().min(0),
});
export type NextArming = z.infer<typeof nextArmingSchema>;

export const armingAreaViewSchema = z.strictObject({
  site: siteIdSchema,
  area: zoneIdSchema,
  name: localizedTextSchema,
  zones: z.array(zoneIdSchema),
  version: versionSchema,
  phase: z.enum(armingPhases),
  mode: armingModeSchema.nullable(),
  since: timeSchema.nullable(),
  /** When the delay ends; null: none runs. */
  until: timeSchema.nullable(),
  /** How late the last delay ended because the server was away, milliseconds. */
  lateMs: z.number().int().min(0),
  /** Whoever decided last; null: a schedule, or nobody yet. */
  by: bySchema.nullable(),
  bypassed: z.array(areaBypassSchema),
  /** What began the entry delay. */
  entered: z.strictObject({ device: deviceIdSchema, at: timeSchema }).nullable(),
  /** Of the last try that did not arm it: why. Null when it was armed or disarmed since. */
  refused: z
    .strictObject({ at: timeSchema, mode: armingModeSchema, problems: z.array(readinessProblemSchema) })
    .nullable(),
  needsCode: z.boolean(),
  /** Of each mode that the area has: its delays, and what keeps it from being armed now. */
  modes: z.array(
    z.strictObject({
      mode: armingModeSchema,
      exitSeconds: z.number().int(),
      entrySeconds: z.number().int(),
      problems: z.array(readinessProblemSchema),
    }),
  ),
  next: nextArmingSchema.nullable(),
});
export type ArmingAreaView = z.infer<typeof armingAreaViewSchema>;

/** `GET /api/v1/arming`: the areas whose zones are all among the person’s. */
export const armingListSchema = z.strictObject({
  areas: z.array(armingAreaViewSchema),
  time: timeSchema,
  /** Whether the person has set a code; null: programs have none. */
  ownCode: z.boolean().nullable(),
});
export type ArmingList = z.infer<typeof armingListSchema>;

/** Digits; kept as passwords are. */
export const armingCodeSchema = z.string().regex(/^\d{4,10}$/, 'expected 4 to 10 digits');

const step = {
  /** Made by the client; a repeat of the same step changes nothing. */
  id: uuidSchema,
  /** That was seen; absent for a keypad, which shows none: as it is now. */
  version: versionSchema.optional(),
};
const withCode = {
  code: armingCodeSchema.optional(),
  /** Whose code it is, for programs; of a person it is their own. */
  user: z.string().min(1).max(64).optional(),
};

/** `POST /api/v1/arming/{area}/arm`. */
export const armRequestSchema = z.strictObject({
  ...step,
  mode: armingModeSchema,
  /** What is left out; whatever else is open refuses the arming. */
  bypass: z
    .array(z.strictObject({ device: deviceIdSchema, until: bypassEndSchema }))
    .max(100)
    .default([]),
  /** Nobody has to leave. */
  atOnce: z.boolean().default(false),
});
export type ArmRequest = z.output<typeof armRequestSchema>;

/** `POST /api/v1/arming/{area}/disarm`. */
export const disarmRequestSchema = z.strictObject({ ...step, ...withCode });
export type DisarmRequest = z.output<typeof disarmRequestSchema>;

/** `POST /api/v1/arming/{area}/bypass`: `until` null takes a bypass back. */
export const bypassRequestSchema = z.strictObject({
  ...step,
  device: deviceIdSchema,
  until: bypassEndSchema.nullable(),
});
export type BypassRequest = z.output<typeof bypassRequestSchema>;

/** `POST /api/v1/arming/{area}/postpone`: what the schedule does next, once. */
export const postponeRequestSchema = z.strictObject({
  id: uuidSchema,
  /** `next.at` that was seen. */
  at: timeSchema,
});
export type PostponeRequest = z.output<typeof postponeRequestSchema>;

export const armingSteps = [
  'arm',
  'disarm',
  'bypass',
  'unbypass',
  'postpone',
  'armed',
  'refused',
  'entry',
  'alarm',
  'closed',
] as const;
/** What happened to an area. */
export const armingStepSchema = z.strictObject({
  at: timeSchema,
  step: z.enum(armingSteps),
  phase: z.enum(armingPhases),
  mode: armingModeSchema.nullable(),
  /** Null: by itself. */
  by: bySchema.nullable(),
  devices: z.array(deviceIdSchema),
  lateMs: z.number().int().min(0),
});
export type ArmingStep = z.infer<typeof armingStepSchema>;

/** `GET /api/v1/arming/{area}/steps`: the newest first, 100 at most. */
export const armingStepListSchema = z.strictObject({ steps: z.array(armingStepSchema) });
export type ArmingStepList = z.infer<typeof armingStepListSchema>;

/**
 * `PUT /api/v1/arming/code`: of the person. `duress` disarms as the other does, and tells those of the silent
 * zone that somebody was forced to.
 */
export const ownArmingCodeSchema = z.strictObject({
  code: armingCodeSchema,
  duress: armingCodeSchema.nullable().default(null),
});
export type OwnArmingCode = z.output<typeof ownArmingCodeSchema>;
