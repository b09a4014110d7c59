import { z } from 'zod';
import { device, simulated } from '../device-fields.ts';

export const doorContactConfigSchema = z.strictObject({
  ...device,
  kind: z.literal('door_contact'),
  ...simulated,
  /** Overrides the profile; 0 = opening is the incident. */
  openLongerThanMs: z.number().int().min(0).max(3_600_000).optional(),
});
