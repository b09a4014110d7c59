import { z } from 'zod';

/** What a simulated device can be told to do, by class of profile. */
export const simulatorActions = {
  code_reader: ['scan'],
  door_contact: ['open', 'close'],
  smoke: ['alarm', 'clear'],
  temperature: ['set', 'release'],
} as const;

/** A class of profile that has a simulator. */
export type SimulatedKind = keyof typeof simulatorActions;

export const simulatorStepSchema = z.strictObject({
  /** When, in milliseconds after the start (or after each repeat). */
  atMs: z.number().int().min(0).max(86_400_000),
  /** `scan` · `open` `close` · `alarm` `clear` · `set` `release`, by class of device. */
  action: z.string().min(1).max(32),
  /** `scan`: index into `texts`; `set`: the temperature in °C. */
  value: z.number().optional(),
});

/**
 * What a simulated device does by itself: a schedule, random activity, both or neither. Same seed, same
 * readings.
 */
export const simulatorPlanSchema = z
  .strictObject({
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1),
    schedule: z.array(simulatorStepSchema).max(500).default([]),
    /** Play the schedule again after so many milliseconds; left out = once. */
    repeatMs: z.number().int().min(100).max(86_400_000).optional(),
    /** Mean time between random actions (exponentially distributed); left out = none. */
    randomEveryMs: z.number().int().min(100).max(86_400_000).optional(),
    /** Code reader only: what it scans. */
    texts: z.array(z.string().min(1).max(8192)).max(100).default([]),
    /** Temperature only: the middle of the daily curve in °C. */
    baseCel: z.number().min(-60).max(150).default(22),
  })
  .superRefine(({ schedule, repeatMs }, context) => {
    schedule.forEach(({ atMs }, index) => {
      if (repeatMs === undefined || atMs < repeatMs) return;
      context.addIssue({ code: 'custom', path: ['schedule', index, 'atMs'], message: 'later than repeatMs' });
    });
  });
export type SimulatorPlan = z.infer<typeof simulatorPlanSchema>;
/** The plan as it is written, before defaults. */
export type SimulatorPlanInput = z.input<typeof simulatorPlanSchema>;
