import { z } from 'zod';
import { brokerFields } from './device-broker.ts';
import { requireUser } from './log-in.ts';
import { topicSchema } from './topic.ts';

/** A Zigbee device behind Zigbee2MQTT, whose properties for its kind are known. */
export const zigbee2mqttConnectSchema = z
  .strictObject({
    driver: z.literal('zigbee2mqtt'),
    ...brokerFields,
    /** `mqtt.base_topic` of Zigbee2MQTT. */
    base: topicSchema.default('zigbee2mqtt'),
    /** The friendly name of the device. */
    name: topicSchema,
  })
  .superRefine(requireUser);
export type Zigbee2mqttConnect = z.infer<typeof zigbee2mqttConnectSchema>;
