import { z } from 'zod';
import { WatchpostError } from '../errors/watchpost-error.ts';
import { topicLevelPattern } from './ids.ts';

/** The name of a gateway in its certificate (subject alternative name, RFC 5280 §4.2.1.6). */
export function gatewayUri(site: string, gateway: string): string {
  return `watchpost://${site}/gateways/${gateway}`;
}

/**
 * The name by which a gateway of a site asks for the gateway door (TLS server name, RFC 6066 §3): so one
 * listener can show it a certificate of its own site’s authority. Hexadecimal, because server names know no
 * capitals.
 */
export function doorServerName(site: string): string {
  const hex = [...site].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  return [...(hex.match(/.{1,60}/g) ?? []), 'door.watchpost.internal'].join('.');
}

const base64url = (bytes: number) =>
  z
    .string()
    .regex(
      new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`),
      `expected ${bytes} bytes as base64url`,
    );

/** What an operator hands to whoever sets a gateway up. */
export interface ClaimCode {
  readonly site: string;
  readonly gateway: string;
  /** Names the invitation: 8 bytes, base64url. No secret, so that wrong guesses can be counted per code. */
  readonly id: string;
  /** 20 random bytes (160 bits), base64url. */
  readonly secret: string;
  /**
   * SHA-256 of the authority’s certificate (DER), base64url: with it the first contact needs no other trust.
   */
  readonly authority: string;
}

const codeParts = z.tuple([
  z.literal('WPC1'),
  z.string().regex(topicLevelPattern),
  z.string().regex(topicLevelPattern),
  base64url(8),
  base64url(20),
  base64url(32),
]);

/** Longest claim code in characters. */
const maxCodeLength = 256;

/** `WPC1.site.gateway.id.secret.authority`. */
export function formatClaimCode({ site, gateway, id, secret, authority }: ClaimCode): string {
  return ['WPC1', site, gateway, id, secret, authority].join('.');
}

/** @throws WatchpostError `identity.claim_code`, without anything of the text. */
export function parseClaimCode(text: string): ClaimCode {
  const trimmed = text.trim();
  const parts = trimmed.length > maxCodeLength ? undefined : codeParts.safeParse(trimmed.split('.')).data;
  if (!parts) throw new WatchpostError('identity.claim_code');
  const [, site, gateway, id, secret, authority] = parts;
  return { site, gateway, id, secret, authority };
}

/** Longest certificate request in characters of PEM; one of P-256 has about 500. */
const requestPemSchema = z.string().min(1).max(4096);

/** Body of `POST /claim`. */
export const claimRequestSchema = z.strictObject({
  id: base64url(8),
  secret: base64url(20),
  /** PKCS #10 (RFC 2986) as PEM: subject `CN=gateway`, signed with the gateway’s own key. */
  request: requestPemSchema,
});

/** Body of `POST /renew`, on a connection with the certificate that is still valid. */
export const renewalRequestSchema = z.strictObject({ request: requestPemSchema });

/** Where a gateway finds its server, and by which keys it knows what the server tells it. */
export const serverAddressesSchema = z.object({
  broker: z.string().regex(/^mqtts:\/\/[^/?#@\s]+$/, 'expected mqtts://host:port'),
  /** PEM of the authority of the broker’s certificate, where that is not the gateway’s own. */
  brokerAuthority: z.string().min(1).max(16_384).optional(),
  /** The gateway door. */
  door: z.string().regex(/^https:\/\/[^/?#@\s]+$/, 'expected https://host:port'),
  /** Raw Ed25519 public keys (32 bytes, base64url) that sign announcements. */
  keys: z
    .array(
      z.object({
        kid: z.string().min(1).max(64),
        publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url'),
      }),
    )
    .min(1)
    .max(16),
});
export type ServerAddresses = z.infer<typeof serverAddressesSchema>;

/** Answer of both. */
export const issuedCertificateSchema = z.strictObject({
  /** The gateway’s certificate, PEM. */
  certificate: z.string().min(1).max(16_384),
  /**
   * Only for whoever asks with `?addresses`: a gateway of the last version takes nothing that it does not
   * know.
   */
  server: serverAddressesSchema.optional(),
});
