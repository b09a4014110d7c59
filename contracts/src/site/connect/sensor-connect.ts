import { z } from 'zod';
import { mqttJsonConnectSchema } from './mqtt-json.ts';
import { simulatorConnectSchema } from './simulator.ts';

/** How a sensor is reached, whatever it measures. */
export const sensorConnectSchema = z.discriminatedUnion('driver', [
  simulatorConnectSchema,
  mqttJsonConnectSchema,
]);
export type SensorConnect = z.infer<typeof sensorConnectSchema>;
