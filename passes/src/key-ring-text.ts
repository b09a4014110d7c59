import { WatchpostError } from '@watchpost/contracts/errors';
import type { KeyRing } from './key-ring.ts';
import type { IssuerPublicKey } from './verdict.ts';

/** A ring as its file says it: the signing key, with the public parts of those before. Secret. */
export const keyRingText = ({ current, retired }: KeyRing): string =>
  `${JSON.stringify({ ...current, retired })}\n`;

/**
 * Reads what {@link keyRingText} wrote, or `watchpost pass new-key` and `pass rotate`.
 * @throws WatchpostError `config.invalid`, without anything of the text
 */
export function parseKeyRing(text: string): KeyRing {
  const value = jsonOf(text);
  const { privateKey, retired = [] } = value;
  if (typeof privateKey !== 'string' || privateKey === '' || !Array.isArray(retired)) throw unusable();
  return { current: { ...publicKeyOf(value), privateKey }, retired: retired.map(publicKeyOf) };
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    // The parser’s own message quotes the text.
    throw unusable();
  }
}

function publicKeyOf(value: unknown): IssuerPublicKey {
  const { kid, alg, publicKey, iss, validUntil } = recordOf(value);
  if (typeof kid !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(kid) || alg !== 'EdDSA') throw unusable();
  if (typeof publicKey !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(publicKey)) throw unusable();
  if (iss !== undefined && typeof iss !== 'string') throw unusable();
  if (validUntil !== undefined && typeof validUntil !== 'number') throw unusable();
  return {
    ...{ kid, alg, publicKey },
    ...(iss === undefined ? {} : { iss }),
    ...(validUntil === undefined ? {} : { validUntil }),
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unusable();
  return value as Record<string, unknown>;
}

const unusable = () =>
  new WatchpostError('config.invalid', { details: { expected: 'a key as `pass new-key` wrote it' } });
