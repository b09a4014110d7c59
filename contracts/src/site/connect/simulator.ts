import { z } from 'zod';

export const simulatorStepSchema = z.strictObject({
  /** When, in milliseconds after the start (or after each repeat). */
  atMs: z.number().int().min(0).max(86_400_000),
  /** `scan` · `open` `close` · `alarm` `clear` · `set` `release`, by class of device. */
  action: z.string().min(1).max(32),
  /** `scan`: index into `texts`; `set`: the temperature in °C. */
  value: z.number().optional(),
});

const plan = {
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
};

function requireStepsWithinRepeat(
  {
    schedule,
    repeatMs,
  }: { readonly schedule: readonly { atMs: number }[]; readonly repeatMs?: number | undefined },
  context: z.RefinementCtx,
): void {
  schedule.forEach(({ atMs }, index) => {
    if (repeatMs === undefined || atMs < repeatMs) return;
    context.addIssue({
      code: 'custom',
      path: ['schedule', index, 'atMs'],
      message: 'later than repeatMs',
      params: { code: 'site.out_of_range', details: { most: repeatMs - 1 } },
    });
  });
}

/**
 * What a simulated device does by itself: a schedule, random activity, both or neither. Same seed, same
 * readings.
 */
export const simulatorPlanSchema = z.strictObject(plan).superRefine(requireStepsWithinRepeat);
export type SimulatorPlan = z.infer<typeof simulatorPlanSchema>;
/** The plan as it is written, before defaults. */
export type SimulatorPlanInput = z.input<typeof simulatorPlanSchema>;

/** The simulator of its profile in place of a device. */
export const simulatorConnectSchema = z
  .strictObject({ driver: z.literal('simulator'), ...plan })
  .superRefine(requireStepsWithinRepeat);
