import { z } from 'zod';
import { sensorConnectSchema } from '../connect/sensor-connect.ts';
import { deviceFields } from './device-fields.ts';

/** A smoke detector. */
export const smokeSchema = z.strictObject({
  ...deviceFields,
  kind: z.literal('smoke'),
  connect: sensorConnectSchema,
});
