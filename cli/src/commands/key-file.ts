import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  type HolderKey,
  type IssuerKey,
  type IssuerPublicKey,
  type KeyRing,
  publicPart,
} from '@watchpost/passes';
import { replaceFileSync } from '@watchpost/service';
import { z } from 'zod';

const publicKeySchema = z.object({
  kid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  alg: z.literal('EdDSA'),
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  iss: z.string().optional(),
  validUntil: z.number().optional(),
});
const issuerKeySchema = publicKeySchema.extend({
  privateKey: z.string().min(1),
  /** Keys that `pass rotate` has replaced. */
  retired: z.array(publicKeySchema).optional(),
});
const holderKeySchema = z.object({
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  privateKey: z.string().min(1),
});

/**
 * Writes a private key where only the owner can read it; an existing file stays as it is.
 * @throws WatchpostError `config.invalid`
 */
export function writeKeyFile(path: string, key: IssuerKey): void {
  writeNewFile(path, key);
}

function writeNewFile(path: string, content: object): void {
  try {
    writeFileSync(path, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw unusable('/FILE', 'a new file in a folder that can be written', cause);
  }
}

/**
 * A private key. Refuses a file that others can read, as ssh does.
 * @throws WatchpostError `config.invalid` without anything of the file’s content
 */
export function readKeyFile(path: string): IssuerKey {
  return readKeyRing(path, '/--key').current;
}

/**
 * A private key and the public parts of those that it replaced.
 * @throws WatchpostError `config.invalid` with `option` as its path
 */
export function readKeyRing(path: string, option: string): KeyRing {
  const parsed = issuerKeySchema.safeParse(readJson(path, option));
  if (!parsed.success) throw unusable(option, 'a file that `pass new-key` wrote');
  refuseShared(path, option);
  const { privateKey, retired = [] } = parsed.data;
  return { current: { ...asPublic(parsed.data), privateKey }, retired: retired.map(asPublic) };
}

/**
 * Puts a rotated ring in the place of the old one, at once or not at all.
 * @throws WatchpostError `config.invalid`
 */
export function replaceKeyRing(path: string, { current, retired }: KeyRing): void {
  replaceFile(path, `${JSON.stringify({ ...current, retired })}\n`, '/FILE');
}

/**
 * Writes a file for its owner only and puts it in the place of an older one.
 * @throws WatchpostError `config.invalid`
 */
export function replaceFile(path: string, content: string, option: string): void {
  try {
    replaceFileSync(path, content);
  } catch (cause) {
    throw unusable(option, 'a file in a folder that can be written', cause);
  }
}

/**
 * Writes the key of a holder’s phone; an existing file stays as it is.
 * @throws WatchpostError `config.invalid`
 */
export function writeHolderKeyFile(path: string, { publicKey, privateKey }: HolderKey): void {
  writeNewFile(path, { publicKey: Buffer.from(publicKey).toString('base64url'), privateKey });
}

/**
 * The key of a holder’s phone.
 * @throws WatchpostError `config.invalid`
 */
export function readHolderKeyFile(path: string): HolderKey {
  const parsed = holderKeySchema.safeParse(readJson(path, '/--holder-key'));
  if (!parsed.success) throw unusable('/--holder-key', 'a file that `pass new-holder-key` wrote');
  refuseShared(path, '/--holder-key');
  const { publicKey, privateKey } = parsed.data;
  return { publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), privateKey };
}

function refuseShared(path: string, option: string): void {
  if ((statSync(path).mode & 0o077) === 0) return;
  throw unusable(option, 'a file that only its owner can read (mode 0600)');
}

/**
 * Public keys: one, or an array. Of a file with private keys only the public parts are taken.
 * @throws WatchpostError `config.invalid`
 */
export function readPublicKeys(path: string): IssuerPublicKey[] {
  const json = readJson(path, '/--keys');
  const parsed = z.array(publicKeySchema).safeParse(Array.isArray(json) ? json : [json]);
  if (!parsed.success) throw unusable('/--keys', 'a public key, or an array of them');
  return parsed.data.map(asPublic);
}

function asPublic({ validUntil, iss, ...key }: z.infer<typeof publicKeySchema>): IssuerPublicKey {
  const { kid, alg, publicKey } = key;
  return {
    kid,
    alg,
    publicKey,
    ...(iss === undefined ? {} : { iss }),
    ...(validUntil === undefined ? {} : { validUntil }),
  };
}

/** The parser’s own message quotes the text, so it goes nowhere. */
function readJson(path: string, option: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw unusable(option, 'a readable JSON file');
  }
}

/** A setting that cannot be used: which, and what was expected. */
export function unusable(path: string, expected: string, cause?: unknown): WatchpostError {
  return new WatchpostError('config.invalid', { path, details: { expected }, cause });
}

/** What gates may have, as JSON in one line. */
export const publicLine = (key: IssuerKey): string => `${JSON.stringify(publicPart(key))}\n`;
