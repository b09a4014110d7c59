import { z } from 'zod';
import { sensorConnectSchema } from '../connect/sensor-connect.ts';
import { sensorFields } from './device-fields.ts';

/** A contact that says whether a door is open. */
export const doorContactSchema = z.strictObject({
  ...sensorFields,
  kind: z.literal('door_contact'),
  connect: sensorConnectSchema,
  /** Overrides the profile; 0 = opening is the incident. */
  openLongerThanMs: z.number().int().min(0).max(3_600_000).optional(),
});
