import { z } from 'zod';
import { deviceIdSchema, zoneIdSchema } from '../../wire/ids.ts';
import { connectPolicy } from '../connect/policy.ts';

/** What is said of every device; what its kind is told and how it is reached come on top. */
export const deviceFields = {
  id: deviceIdSchema,
  zone: zoneIdSchema,
  /** Id of a hardware profile. */
  profile: z.string().min(1).max(64),
};

/** What is said of every sensor. */
export const sensorFields = {
  ...deviceFields,
  /** Silence after which it counts as lost, milliseconds; overrides the profile and the driver. */
  silentAfterMs: z
    .number()
    .int()
    .min(connectPolicy.leastSilenceMs)
    .max(connectPolicy.mostSilenceMs)
    .optional(),
};

/** Gate or zone that a pass shown here must name; default: that of the gateway. */
export const audienceSchema = z.string().min(1).max(64).optional();
