import { z } from 'zod';
import { serialConnectSchema } from '../connect/serial.ts';
import { simulatorConnectSchema } from '../connect/simulator.ts';
import { tcpConnectSchema, tcpListenConnectSchema } from '../connect/tcp.ts';
import { audienceSchema, deviceFields } from './device-fields.ts';
import { scanLineChangesSchema } from './scan-line.ts';

/** A reader of codes. */
export const codeReaderSchema = z.strictObject({
  ...deviceFields,
  kind: z.literal('code_reader'),
  connect: z.discriminatedUnion('driver', [
    simulatorConnectSchema,
    serialConnectSchema,
    tcpConnectSchema,
    tcpListenConnectSchema,
  ]),
  audience: audienceSchema,
  /** Where it talks in another way than its profile says. */
  line: scanLineChangesSchema.prefault({}),
});
