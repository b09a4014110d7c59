import { z } from 'zod';

const passKeySchema = z.strictObject({
  kid: z.string().min(1).max(64),
  alg: z.literal('EdDSA').default('EdDSA'),
  /** Raw Ed25519 public key (32 bytes), base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** The only issuer of passes under this key. */
  iss: z.string().min(1).max(64).optional(),
  /**
   * Passes of it open nothing at and after this, milliseconds since the epoch: what `pass rotate` prints.
   * Plates are read by it for ever.
   */
  validUntil: z.number().int().min(0).optional(),
});

/** Milliseconds of `policy.passes` as a gateway is told them; servers of older versions say none of them. */
export const passTimes = {
  /** Added to both ends of the time in which a pass is good. */
  clockSkewMs: z.number().int().min(0).max(600_000).optional(),
  /** How long an accepted pass counts as second factor of a face. */
  countsForFaceMs: z.number().int().min(0).max(600_000).optional(),
  /** For how long after the server wrote it the gateway takes passes by the last list of withdrawn ones. */
  revokedListGoodMs: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400_000)
    .optional(),
} as const;

/** Settings that say whose passes and plates the gates of a site accept. */
export const acceptedPasses = {
  issuers: z.array(passKeySchema).max(100).default([]),
  /** Gate or zone that a pass must name where its device says nothing else. */
  audience: z.string().min(1).max(64).default('gate'),
  /** Redeem each accepted pass. Only a demonstration, which shows one pass again and again, says no. */
  countUses: z.boolean().default(true),
  /** Pins the host name on address plates. */
  plateDomain: z.string().min(1).max(253).optional(),
} as const;
