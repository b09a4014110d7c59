import { ipSchema, portSchema } from './connect/network-address.ts';

/** Where devices with the driver `webhook` call: an address of the device network. */
export const hookPlace = { address: ipSchema.default('127.0.0.1'), port: portSchema } as const;
