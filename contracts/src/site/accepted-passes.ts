import { z } from 'zod';

const passKeySchema = z.strictObject({
  kid: z.string().min(1).max(64),
  alg: z.literal('EdDSA').default('EdDSA'),
  /** Raw Ed25519 public key (32 bytes), base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** The only issuer of passes under this key. */
  iss: z.string().min(1).max(64).optional(),
  /** Good for nothing at and after this, milliseconds since the epoch: what `pass rotate` prints. */
  validUntil: z.number().int().min(0).optional(),
});

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
