import { z } from 'zod';
import { gatewayIdSchema, siteIdSchema } from '../wire/ids.ts';
import { httpConnectSchema } from './connect/http.ts';
import { rtspConnectSchema } from './connect/rtsp.ts';

/** A camera that is tried before it is written: what the site file would say of how it is reached. */
export const cameraProbeSchema = z.strictObject({
  connect: z.discriminatedUnion('driver', [rtspConnectSchema, httpConnectSchema]),
  /** As it was typed, in place of a secret of the file. Goes through memory alone. */
  password: z.string().min(1).max(1_024).optional(),
});
export type CameraProbe = z.output<typeof cameraProbeSchema>;

/** What alerting asks the process at the gateway door. */
export const cameraProbeAskSchema = z.strictObject({
  site: siteIdSchema,
  gateway: gatewayIdSchema,
  probe: cameraProbeSchema,
});
export type CameraProbeAsk = z.output<typeof cameraProbeAskSchema>;
