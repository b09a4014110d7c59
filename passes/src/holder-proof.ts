import { createHash } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import { decodeBase45, encodeBase45 } from './base45.ts';
import { decodeCbor, encodeCbor } from './cose-sign1.ts';
import { generateIssuerKey, signWith, verifyWith } from './issuer-key.ts';

/** How long one proof is shown, ms; the window before and after it count too, for clocks that differ. */
export const proofWindowMs = 30_000;

/** Text of a presented pass: the pass with a fresh proof of its holder. */
export const presentedPrefix = 'WPH:';

/** Key pair in the holder's phone. `publicKey` goes into the claim `cnf`. */
export interface HolderKey {
  /** Raw Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** PKCS#8 DER, base64url; never leaves the phone. */
  readonly privateKey: string;
}

/** A pass and the proof that came with it. */
export interface Presentation {
  /** The COSE_Sign1 bytes. */
  readonly pass: Uint8Array;
  readonly window: number;
  readonly signature: Uint8Array;
}

/** A fresh holder key. */
export function generateHolderKey(): HolderKey {
  const { publicKey, privateKey } = generateIssuerKey();
  return { publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), privateKey };
}

/**
 * What the holder's phone shows at `now` (ms): `WPH:` + Base45(CBOR [pass, window, Ed25519 over the pass's
 * hash and the window]).
 * @throws WatchpostError `pass.malformed` when `pass` is not the text of a pass
 */
export function presentPass(pass: string, holder: HolderKey, now: number): string {
  const bytes = pass.startsWith('WP1:') ? decodeBase45(pass.slice(4)) : null;
  if (!bytes) throw new WatchpostError('pass.malformed');
  const window = Math.floor(now / proofWindowMs);
  const key = { kid: 'holder', alg: 'EdDSA', publicKey: '', privateKey: holder.privateKey } as const;
  return (
    presentedPrefix + encodeBase45(encodeCbor([bytes, window, signWith(key, proofInput(bytes, window))]))
  );
}

/** null for any text that `presentPass` does not make. */
export function decodePresentation(text: string): Presentation | null {
  const bytes = decodeBase45(text.slice(presentedPrefix.length));
  const item = bytes && decodeCbor(bytes);
  if (!Array.isArray(item) || item.length !== 3) return null;
  const [pass, window, signature] = item as unknown[];
  if (!(pass instanceof Uint8Array && signature instanceof Uint8Array) || !Number.isSafeInteger(window))
    return null;
  return { pass, window: window as number, signature };
}

/** Whether the proof is the holder's and not older or newer than one window. */
export function isFreshProof(
  { pass, window, signature }: Presentation,
  holder: Uint8Array,
  now: number,
): boolean {
  if (!(Math.abs(Math.floor(now / proofWindowMs) - window) <= 1)) return false;
  const key = { kid: 'holder', alg: 'EdDSA', publicKey: Buffer.from(holder).toString('base64url') } as const;
  return verifyWith(key, proofInput(pass, window), signature);
}

function proofInput(pass: Uint8Array, window: number): Uint8Array {
  return encodeCbor(['watchpost holder proof', createHash('sha256').update(pass).digest(), window]);
}
