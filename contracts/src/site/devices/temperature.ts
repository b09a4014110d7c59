import { z } from 'zod';
import { sensorConnectSchema } from '../connect/sensor-connect.ts';
import { sensorFields } from './device-fields.ts';

/** A sensor of temperature. */
export const temperatureSchema = z.strictObject({
  ...sensorFields,
  kind: z.literal('temperature'),
  connect: sensorConnectSchema,
  /** Overrides of the profile's limits in °C. */
  limits: z
    .strictObject({ low: z.number(), high: z.number(), hysteresis: z.number().min(0) })
    .partial()
    .optional(),
  /** How unusual stretches are found. */
  series: z
    .strictObject({
      /**
       * `measured` (default) takes what was measured to be better for this class of series; `sequence` and
       * `combined` train a model on this sensor's own normal readings and judge by it, alone or beside the
       * statistics.
       */
      judge: z.enum(['measured', 'statistical', 'sequence', 'combined']).default('measured'),
      /** A model is trained again at least so often. */
      retrainEveryMs: z
        .number()
        .int()
        .min(600_000)
        .max(366 * 86_400_000)
        .default(7 * 86_400_000),
    })
    .prefault({}),
});
