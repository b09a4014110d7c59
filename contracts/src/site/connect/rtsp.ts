import { z } from 'zod';
import { cameraTlsSchema, requireSecureAddress } from './camera-tls.ts';
import { logIn, requireUser } from './log-in.ts';

/** A stream that a camera offers by RTSP. */
export const rtspConnectSchema = z
  .strictObject({
    driver: z.literal('rtsp'),
    /** `rtsp://host:port/path` or `rtsps://…`; better without user and password. */
    url: z.string().min(1).max(4096),
    ...logIn,
    tls: cameraTlsSchema.optional(),
    /** Which way RTP comes: `auto` = TCP, and UDP where the camera refuses that. */
    transport: z.enum(['auto', 'tcp', 'udp']).default('auto'),
  })
  .superRefine(requireUser)
  .superRefine(requireSecureAddress);
