import { scanLineSchema } from '@watchpost/hardware';
import { z } from 'zod';
import { device, simulated } from '../device-fields.ts';

const codeReader = {
  ...device,
  kind: z.literal('code_reader'),
  /** Gate or zone that a pass shown here must name; default: that of `passes`. */
  audience: z.string().min(1).max(64).optional(),
};
/** Overrides of the profile's `line`. */
const line = z
  .strictObject({
    framing: scanLineSchema.shape.framing.unwrap(),
    idleMs: scanLineSchema.shape.idleMs.unwrap(),
    maxChars: scanLineSchema.shape.maxChars.unwrap(),
    encoding: scanLineSchema.shape.encoding.unwrap(),
    prefix: scanLineSchema.shape.prefix.unwrap(),
    suffix: scanLineSchema.shape.suffix.unwrap(),
    aimIdentifier: scanLineSchema.shape.aimIdentifier.unwrap(),
  })
  .partial()
  .prefault({});

export const serialReaderConfigSchema = z.strictObject({
  ...codeReader,
  driver: z.literal('serial'),
  serial: z.strictObject({
    /** `/dev/serial/by-id/…` stays the same when another device is plugged in; `COM3` on Windows. */
    path: z.string().min(1).max(4096),
    baud: z.number().int().min(300).max(4_000_000).default(9600),
    dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
    parity: z.enum(['none', 'even', 'odd']).default('none'),
    stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
  }),
  line,
});

const portSchema = z.number().int().min(1).max(65_535);
export const tcpReaderConfigSchema = z.strictObject({
  ...codeReader,
  driver: z.literal('tcp'),
  tcp: z.union([
    /** The agent calls the reader. */
    z.strictObject({ host: z.string().min(1).max(253), port: portSchema }),
    /** The reader calls the agent: one connection at a time, from the named IP addresses only. */
    z.strictObject({
      listen: portSchema,
      address: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
      from: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .min(1)
        .max(64),
    }),
  ]),
  line,
});

export const simulatedReaderConfigSchema = z.strictObject({ ...codeReader, ...simulated });

export const codeReaderConfigSchema = z.discriminatedUnion('driver', [
  simulatedReaderConfigSchema,
  serialReaderConfigSchema,
  tcpReaderConfigSchema,
]);
