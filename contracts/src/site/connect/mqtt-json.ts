import { z } from 'zod';
import { brokerFields } from './device-broker.ts';
import { requireUser } from './log-in.ts';
import { mappingSchema } from './mapping.ts';
import { topicSchema } from './topic.ts';

/** A device that publishes its state at a broker of the device network, as JSON or as plain text. */
export const mqttJsonConnectSchema = z
  .strictObject({
    driver: z.literal('mqtt-json'),
    ...brokerFields,
    /** Where it publishes; no wildcards, because it is one device. */
    topic: topicSchema,
    value: mappingSchema.prefault({}),
  })
  .superRefine(requireUser);
export type MqttJsonConnect = z.infer<typeof mqttJsonConnectSchema>;
