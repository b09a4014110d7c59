import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { IssuerKey, IssuerPublicKey } from './verdict.ts';

const kidPattern = /^[A-Za-z0-9_-]{1,64}$/;
/** DER of an Ed25519 SubjectPublicKeyInfo up to the key (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * A fresh Ed25519 key. `kid` (`[A-Za-z0-9_-]{1,64}`) defaults to the first 8 bytes of the SHA-256 of the
 * public key, base64url.
 * @throws WatchpostError `config.invalid`
 */
export function generateIssuerKey(options: { readonly kid?: string; readonly iss?: string } = {}): IssuerKey {
  const pair = generateKeyPairSync('ed25519');
  const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length);
  const kid = options.kid ?? createHash('sha256').update(raw).digest().subarray(0, 8).toString('base64url');
  if (!kidPattern.test(kid)) throw new WatchpostError('config.invalid', { path: '/kid' });
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url');
  const key: IssuerKey = { kid, alg: 'EdDSA', publicKey: raw.toString('base64url'), privateKey };
  return options.iss === undefined ? key : { ...key, iss: options.iss };
}

/** The part of a key that gates may have. */
export function publicPart({ kid, alg, publicKey, iss }: IssuerKey): IssuerPublicKey {
  return iss === undefined ? { kid, alg, publicKey } : { kid, alg, publicKey, iss };
}

/** The key of that id that is valid at `now` (ms). */
export function keyFor(
  kid: string,
  keys: readonly IssuerPublicKey[],
  now: number,
): IssuerPublicKey | undefined {
  return keys.find((key) => key.kid === kid && (key.validUntil === undefined || now < key.validUntil));
}

/** Ed25519 signature, 64 bytes. */
export function signWith(key: IssuerKey, message: Uint8Array): Uint8Array {
  const secret = createPrivateKey({
    key: Buffer.from(key.privateKey, 'base64url'),
    format: 'der',
    type: 'pkcs8',
  });
  return sign(null, message, secret);
}

/** False for wrong signatures and for keys that are no Ed25519 keys. */
export function verifyWith(key: IssuerPublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const raw = Buffer.from(key.publicKey, 'base64url');
  if (key.alg !== 'EdDSA' || raw.length !== 32 || signature.length !== 64) return false;
  let spki: KeyObject;
  try {
    spki = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
  } catch {
    return false;
  }
  return verify(null, message, spki, signature);
}
