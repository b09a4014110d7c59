import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { certificatePolicy } from '../policy.ts';
import { signingAlgorithm, type X509Certificate } from './x509.ts';

export interface IssuedCertificate {
  readonly pem: string;
  /** Hexadecimal, upper case, without leading zeros. */
  readonly serial: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** A certificate with its private key, both PEM. The key is secret. */
export interface KeyedCertificate extends IssuedCertificate {
  readonly keyPem: string;
}

/** How long before it is made a certificate is good from. */
export const backdatedMs = (lifeMs: number): number =>
  Math.min(certificatePolicy.backdatedMs, lifeMs / certificatePolicy.backdatedOneIn);

/**
 * 127 random bits (RFC 5280 §4.1.2.2: positive, at most 20 bytes; CA/Browser Forum: at least 64 random bits).
 */
export function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** A new pair of keys, P-256. */
export const newKeys = () => crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);

/** A private key as PEM (PKCS #8). */
export async function keyPem(key: CryptoKey): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}

/** A certificate as PEM. */
export const pem = (certificate: X509Certificate): string => `${certificate.toString('pem').trimEnd()}\n`;

/**
 * A private key that belongs to a certificate.
 * @throws Error when it is none, or another one’s
 */
export async function keyOf(certificate: X509Certificate, privateKeyPem: string): Promise<CryptoKey> {
  const [, base64 = ''] = /-----BEGIN PRIVATE KEY-----([^-]+)/.exec(privateKeyPem) ?? [];
  const der = Buffer.from(base64.replace(/\s/g, ''), 'base64');
  const key = await crypto.subtle.importKey('pkcs8', der, signingAlgorithm, false, ['sign']);
  const probe = randomBytes(32);
  const signature = await crypto.subtle.sign(signingAlgorithm, key, probe);
  const publicKey = await certificate.publicKey.export(signingAlgorithm, ['verify']);
  if (!(await crypto.subtle.verify(signingAlgorithm, publicKey, signature, probe)))
    throw new Error('key and certificate do not belong together');
  return key;
}

/** Names and addresses as alternative names of a certificate. */
export const alternativeNames = (hosts: readonly string[]) =>
  hosts.map((host) => ({ type: isIP(host) ? ('ip' as const) : ('dns' as const), value: host }));
