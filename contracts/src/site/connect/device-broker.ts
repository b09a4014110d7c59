import { z } from 'zod';
import { logIn } from './log-in.ts';

/** A broker of the device network; devices with the same broker and user share one connection. */
export const brokerFields = {
  url: z
    .string()
    .max(1024)
    .regex(/^(?:mqtt|mqtts):\/\/[^@/]+$/, 'mqtt://host:port, mqtts://host:port'),
  ...logIn,
  /** The password may go to another computer without TLS: only where the device network is protected. */
  insecure: z.boolean().optional(),
};
const fields = z.strictObject(brokerFields);
/** How a broker of the device network is reached. */
export type DeviceBroker = z.infer<typeof fields>;
