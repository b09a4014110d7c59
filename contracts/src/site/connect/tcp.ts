import { z } from 'zod';
import { hostSchema, ipSchema, portSchema } from './network-address.ts';

/** A device that the gateway calls. */
export const tcpConnectSchema = z.strictObject({
  driver: z.literal('tcp'),
  host: hostSchema,
  port: portSchema,
});

/** A device that calls the gateway: one connection at a time, from the named addresses only. */
export const tcpListenConnectSchema = z.strictObject({
  driver: z.literal('tcp-listen'),
  port: portSchema,
  /** Where the gateway listens. */
  address: ipSchema.default('127.0.0.1'),
  /** Who may call. */
  from: z.array(ipSchema).min(1).max(64),
});
