import { deviceIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { simulatorPlanSchema } from '@watchpost/hardware';
import { z } from 'zod';

/** What every device's configuration says. */
export const device = {
  id: deviceIdSchema,
  zone: zoneIdSchema,
  /** Id of a hardware profile. */
  profile: z.string().min(1).max(64),
};

/** A device that its profile's simulator stands for. */
export const simulated = { driver: z.literal('simulator'), simulator: simulatorPlanSchema.prefault({}) };
