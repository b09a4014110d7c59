import { z } from 'zod';
import { deviceIdSchema, zoneIdSchema } from '../../wire/ids.ts';

/** What is said of every device; what its kind is told and how it is reached come on top. */
export const deviceFields = {
  id: deviceIdSchema,
  zone: zoneIdSchema,
  /** Id of a hardware profile. */
  profile: z.string().min(1).max(64),
};

/** Gate or zone that a pass shown here must name; default: that of the gateway. */
export const audienceSchema = z.string().min(1).max(64).optional();
