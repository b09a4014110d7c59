import { z } from 'zod';
import { modbusTcpConnectSchema } from './modbus-tcp.ts';
import { mqttJsonConnectSchema } from './mqtt-json.ts';
import { simulatorConnectSchema } from './simulator.ts';
import { webhookConnectSchema } from './webhook.ts';
import { zigbee2mqttConnectSchema } from './zigbee2mqtt.ts';

/** How a sensor is reached, whatever it measures. */
export const sensorConnectSchema = z.discriminatedUnion('driver', [
  simulatorConnectSchema,
  mqttJsonConnectSchema,
  zigbee2mqttConnectSchema,
  webhookConnectSchema,
  modbusTcpConnectSchema,
]);
export type SensorConnect = z.infer<typeof sensorConnectSchema>;
