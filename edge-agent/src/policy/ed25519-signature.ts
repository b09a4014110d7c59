import { createPublicKey, verify } from 'node:crypto';

/**
 * Whether a signature (base64url) is that of an Ed25519 key (RFC 8032; raw, base64url) over the bytes. What
 * is no key or no signature is none.
 */
export function isSigned(bytes: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    return verify(null, bytes, key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
