import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import { z } from 'zod';
import type { RecoveryKey } from './recovery-key.ts';

const base64url32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * What a server keeps of its recovery key. It can write archives with it, and can open none. `sender` is
 * secret: with it an archive shows that it comes from this server, because the public key alone would let
 * anybody write one that the owner of the recovery key would restore.
 */
export const writingKeySchema = z.strictObject({
  version: z.literal(1),
  publicKey: base64url32,
  sender: base64url32,
});
export type WritingKey = z.infer<typeof writingKeySchema>;

/** How the data key of one archive is wrapped; the form of HPKE’s `mode_psk` (RFC 9180, 5.1.2). */
export const wrappedKeySchema = z.strictObject({
  /** Which recovery key opens it. */
  recipient: z.string().regex(/^[0-9a-f]{16}$/),
  /** Public half of a key pair that lived for this archive only. */
  ephemeral: base64url32,
  /** The data key under AES-256-GCM. */
  wrapped: z.string().regex(/^[A-Za-z0-9_-]{64}$/),
});
export type WrappedKey = z.infer<typeof wrappedKeySchema>;

// RFC 8410: a raw X25519 key within PKCS #8 and SubjectPublicKeyInfo.
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');

const privateKeyOf = (raw: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([privatePrefix, raw]), format: 'der', type: 'pkcs8' });
const publicKeyOf = (text: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([publicPrefix, Buffer.from(text, 'base64url')]),
    format: 'der',
    type: 'spki',
  });
const rawPublic = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length);

const derive = (secret: Uint8Array, salt: Uint8Array, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, `watchpost backup 1 ${info}`, 32));

const noSalt = Buffer.alloc(0);
const openingKey = (recovery: RecoveryKey): KeyObject => privateKeyOf(derive(recovery, noSalt, 'opening'));

/** What the server may keep of a recovery key. */
export function writingKeyOf(recovery: RecoveryKey): WritingKey {
  return {
    version: 1,
    publicKey: rawPublic(createPublicKey(openingKey(recovery))).toString('base64url'),
    sender: derive(recovery, noSalt, 'sender').toString('base64url'),
  };
}

const recipientOf = ({ publicKey }: WritingKey): string =>
  createHash('sha256').update(publicKey).digest('hex').slice(0, 16);

function wrappingKey(shared: Buffer, ephemeral: string, { publicKey, sender }: WritingKey): Buffer {
  return derive(shared, Buffer.from(sender, 'base64url'), `wrapping ${ephemeral} ${publicKey}`);
}

// The wrapping key is of one archive only, so its one nonce may be zero.
const nonce = Buffer.alloc(12);

/** A fresh data key, and how it is written into the archive. */
export function newDataKey(key: WritingKey): { readonly dataKey: Buffer; readonly wrapped: WrappedKey } {
  const pair = generateKeyPairSync('x25519');
  const ephemeral = rawPublic(pair.publicKey).toString('base64url');
  const shared = diffieHellman({ privateKey: pair.privateKey, publicKey: publicKeyOf(key.publicKey) });
  const dataKey = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(shared, ephemeral, key), nonce);
  const wrapped = Buffer.concat([cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
  return {
    dataKey,
    wrapped: { recipient: recipientOf(key), ephemeral, wrapped: wrapped.toString('base64url') },
  };
}

/**
 * The data key of an archive.
 * @throws WatchpostError `backup.wrong_key`; `backup.damaged` where the key is the right one
 */
export function openDataKey({ recipient, ephemeral, wrapped }: WrappedKey, recovery: RecoveryKey): Buffer {
  const key = writingKeyOf(recovery);
  if (recipientOf(key) !== recipient) throw new WatchpostError('backup.wrong_key');
  const sealed = Buffer.from(wrapped, 'base64url');
  try {
    const shared = diffieHellman({ privateKey: openingKey(recovery), publicKey: publicKeyOf(ephemeral) });
    const decipher = createDecipheriv('aes-256-gcm', wrappingKey(shared, ephemeral, key), nonce);
    decipher.setAuthTag(sealed.subarray(32));
    return Buffer.concat([decipher.update(sealed.subarray(0, 32)), decipher.final()]);
  } catch (cause) {
    throw new WatchpostError('backup.damaged', { cause });
  }
}
