import { z } from 'zod';
import { sensorConnectSchema } from '../connect/sensor-connect.ts';
import { sensorFields } from './device-fields.ts';

/** A smoke detector. */
export const smokeSchema = z.strictObject({
  ...sensorFields,
  kind: z.literal('smoke'),
  connect: sensorConnectSchema,
});
