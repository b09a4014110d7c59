import { z } from 'zod';
import { secretSchema } from '../secret.ts';

/**
 * How the certificate of a camera over `rtsps://` or `https://` is judged. Left out: by the authorities of
 * the gateway’s system, for the host of the address, as a browser would.
 */
export const cameraTlsSchema = z
  .strictObject({
    /**
     * The key that the camera shows, whoever signed its certificate and whatever stands in it: `sha256/` and
     * the digest of its public key in Base64 (RFC 7469 §2.4). The console shows it beside a refused camera.
     */
    pin: z
      .string()
      .regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, 'sha256/…')
      .optional(),
    /** An authority of the site, PEM, beside those of the system. */
    ca: secretSchema.optional(),
    /** Anybody who gets between may be the camera; needs `reason`. */
    verify: z.literal(false).optional(),
    /** Why nothing is verified, for whoever asks later. */
    reason: z.string().trim().min(8).max(500).optional(),
  })
  .superRefine(({ pin, ca, verify, reason }, context) => {
    const complain = (path: string[], message: string, params?: object) =>
      context.addIssue({ code: 'custom', path, message, ...(params ? { params } : {}) });
    const ways = [pin, ca, verify].filter((way) => way !== undefined).length;
    if (ways !== 1) complain([], 'pin | ca | verify');
    if (verify === false && reason === undefined)
      complain(['reason'], 'a reason', { code: 'site.missing', details: { expected: 'text' } });
    if (verify === undefined && reason !== undefined) complain(['reason'], 'verify: false');
  });
export type CameraTls = z.infer<typeof cameraTlsSchema>;

/** Refuses a certificate to be judged of a camera that shows none. */
export function requireSecureAddress(
  { url, tls }: { readonly url: string; readonly tls?: unknown },
  context: z.RefinementCtx,
): void {
  if (tls === undefined || /^\s*(?:rtsps|https):/i.test(url)) return;
  context.addIssue({ code: 'custom', path: ['tls'], message: 'rtsps:// | https://' });
}
