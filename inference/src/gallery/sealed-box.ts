import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';

const ivBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM with a fresh nonce: nonce ‖ ciphertext ‖ tag. `context` is authenticated; `purpose` separates
 * the key's uses.
 */
export function seal(plain: Uint8Array, key: Uint8Array, purpose: string, context: string): Uint8Array {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', purposeKey(key, purpose), iv);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws WatchpostError `inference.template_invalid` when anything differs from what was sealed */
export function unseal(sealed: Uint8Array, key: Uint8Array, purpose: string, context: string): Uint8Array {
  if (sealed.length < ivBytes + tagBytes)
    throw new WatchpostError('inference.template_invalid', { details: { bytes: sealed.length } });
  try {
    const decipher = createDecipheriv('aes-256-gcm', purposeKey(key, purpose), sealed.subarray(0, ivBytes));
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    return Buffer.concat([
      decipher.update(sealed.subarray(ivBytes, sealed.length - tagBytes)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw new WatchpostError('inference.template_invalid', {
      details: { expected: 'the key it was sealed with' },
      cause,
    });
  }
}

function purposeKey(key: Uint8Array, purpose: string): Uint8Array {
  if (key.length !== 32)
    throw new WatchpostError('inference.template_invalid', { details: { keyBytes: key.length } });
  return new Uint8Array(hkdfSync('sha256', key, '', `watchpost ${purpose}`, 32));
}
