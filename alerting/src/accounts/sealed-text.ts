import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Seals bytes for the database: AES-256-GCM, `nonce.ciphertext.tag`, base64url. `about` says whose they are,
 * so that a row that is put in the place of another one does not open.
 */
export function seal(key: Buffer, plain: Buffer, about: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
}

/** Opens what {@link seal} sealed. @throws Error when it was changed, or is somebody else’s */
export function open(key: Buffer, sealed: string, about: string): Buffer {
  const [nonce, text, tag] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!nonce || !text || tag?.length !== 16) throw new Error('not a sealed text');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
    .setAAD(Buffer.from(about))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(text), decipher.final()]);
}
