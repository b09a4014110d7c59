import { z } from 'zod';
import { deviceIdSchema, zoneIdSchema } from '../wire/ids.ts';
import { localizedTextSchema } from './place.ts';

/** How an area is armed: nobody is in, people are in, people sleep. */
export const armingModes = ['away', 'home', 'night'] as const;
export const armingModeSchema = z.enum(armingModes);
export type ArmingMode = z.infer<typeof armingModeSchema>;

const devicesSchema = z.array(deviceIdSchema).max(500);

/** What counts while an area is armed in a mode, and how long one has to leave and to come in. */
const modeSchema = z
  .strictObject({
    /** What counts; left out: every device of its zones. */
    devices: devicesSchema.min(1).optional(),
    /** What does not. */
    except: devicesSchema.default([]),
    /** Kinds of events that count, as in a silence; left out: whatever alerts when armed. */
    kinds: z
      .array(z.string().regex(/^watchpost\.[a-z_]+\.[a-z_]+\.v1(?:\/[A-Za-z0-9_./-]{1,64})?$/))
      .min(1)
      .max(50)
      .optional(),
    /** Devices on the way in: what they notice begins the entry delay and is no alarm before its end. */
    way: devicesSchema.default([]),
    /** For leaving: nothing of the area is judged as armed before its end. */
    exitSeconds: z.number().int().min(0).max(300).default(0),
    /** For disarming after a device on the way in noticed something. */
    entrySeconds: z.number().int().min(0).max(120).default(0),
  })
  .refine(({ entrySeconds, way }) => entrySeconds > 0 === way.length > 0, {
    path: ['way'],
    error: 'expected `way` and `entrySeconds` together, or neither',
  });

/** An hour at which an area is armed, or disarmed, by itself. */
const scheduleSchema = z.strictObject({
  /** 1 is Monday (ISO 8601). */
  weekdays: z
    .array(z.number().int().min(1).max(7))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'expected each day once')
    .default([1, 2, 3, 4, 5, 6, 7]),
  /** Wall time of the site; where the clock skips it the first time after, of two the last. */
  at: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, '22:00'),
  mode: z.enum([...armingModes, 'disarm']),
  /** What is open or lost then is left out once, or nothing is armed; people on duty are told of either. */
  notReady: z.enum(['bypass', 'refuse']).default('bypass'),
  /** Shown in the console so long before. */
  warnMinutes: z.number().int().min(0).max(120).default(10),
  /** By how much a person may put it off, once; 0: not at all. */
  postponeMinutes: z.number().int().min(0).max(240).default(30),
});
export type ArmingSchedule = z.output<typeof scheduleSchema>;

/**
 * Zones that are armed together. Danger to life, and whatever alerts always, is not touched by it. It takes
 * the place of the hours in which its zones were armed.
 */
export const armingAreaSchema = z.strictObject({
  id: zoneIdSchema,
  name: localizedTextSchema,
  zones: z.array(zoneIdSchema).min(1).max(100),
  modes: z
    .partialRecord(armingModeSchema, modeSchema)
    .refine((modes) => Object.keys(modes).length > 0, 'expected a mode'),
  /** What happens when something is still open at the end of the exit delay. */
  stillOpen: z.enum(['refuse', 'alarm']).default('refuse'),
  /** Whether a person types a code to disarm it here; programs always need one of a person. */
  needsCode: z.boolean().default(false),
  /** Zone whose people hear that somebody was forced to disarm; whoever may be forced does not see it. */
  silentZone: zoneIdSchema.optional(),
  schedules: z.array(scheduleSchema).max(50).default([]),
});
export type ArmingArea = z.output<typeof armingAreaSchema>;
export type ArmingModeRules = z.output<typeof modeSchema>;
