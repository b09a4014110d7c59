import { z } from 'zod';
import { secretSchema } from './secret.ts';

/**
 * Where the certificate of console and Node-RED comes from: `own` is made and renewed by the server, under a
 * root of its own for its names alone; files are somebody else’s, read again when they change; `off` is plain
 * HTTP, for this computer alone or behind a reverse proxy.
 */
export const serverTlsSchema = z.union([
  z.enum(['own', 'off']),
  z.strictObject({
    /** PEM file with the certificate and those between it and its root, relative to the server folder. */
    certificate: z.string().min(1).max(4_096),
    /** The secret is the private key, PEM. */
    key: secretSchema,
  }),
]);
export type ServerTls = z.output<typeof serverTlsSchema>;
