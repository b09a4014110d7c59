import { z } from 'zod';

/** A visitor pass opened (or may open) a gate. `jti` names the pass, never the person. */
export const passAcceptedSchema = z.strictObject({
  jti: z.string().min(1).max(64),
  kid: z.string().min(1).max(64),
  audience: z.string().min(1).max(64),
  expires: z.iso.datetime({ precision: 3 }),
});

export const passRejectionReasons = [
  'malformed',
  'signature',
  'unknown_key',
  'expired',
  'not_yet_valid',
  'wrong_audience',
  'revoked',
  'used_up',
  'replayed',
  // The gateway does not know the time: a guard decides.
  'clock_unknown',
  // It heard nothing for too long of which passes were withdrawn: a guard decides. Only servers that set such
  // a time are told.
  'list_expired',
] as const;

export const passRejectedSchema = z.strictObject({
  reason: z.enum(passRejectionReasons),
  /** Only when the signature was right, so that the name can be trusted. */
  jti: z.string().min(1).max(64).optional(),
  kid: z.string().min(1).max(64).optional(),
  /**
   * SHA-256 of the scanned text, first 16 hexadecimal digits: recognises a repeat without keeping the text.
   */
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
});

/** A plate of the address library was read at a device. */
export const addressScannedSchema = z.strictObject({
  address: z.string().min(1).max(64),
  kid: z.string().min(1).max(64),
});
