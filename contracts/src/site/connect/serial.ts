import { z } from 'zod';

/** A device on a serial line of the gateway. */
export const serialConnectSchema = z.strictObject({
  driver: z.literal('serial'),
  /** `/dev/serial/by-id/…` stays the same when another device is plugged in; `COM3` on Windows. */
  path: z.string().min(1).max(4096),
  baud: z.number().int().min(300).max(4_000_000).default(9600),
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
});
export type SerialConnect = z.infer<typeof serialConnectSchema>;
