import { z } from 'zod';
import { simulatorConnectSchema } from './simulator.ts';

/** How a sensor is reached, whatever it measures. */
export const sensorConnectSchema = z.discriminatedUnion('driver', [simulatorConnectSchema]);
export type SensorConnect = z.infer<typeof sensorConnectSchema>;
