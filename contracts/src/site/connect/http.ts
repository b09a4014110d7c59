import { z } from 'zod';
import { cameraTlsSchema, requireSecureAddress } from './camera-tls.ts';
import { logIn, requireUser } from './log-in.ts';

/** Pictures that a camera offers by HTTP: a stream of JPEGs, or one at each request. */
export const httpConnectSchema = z
  .strictObject({
    driver: z.literal('http'),
    /** `http://host:port/path` or `https://…`; better without user and password. */
    url: z.string().min(1).max(4096),
    ...logIn,
    tls: cameraTlsSchema.optional(),
  })
  .superRefine(requireUser)
  .superRefine(requireSecureAddress);
