import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts';
import { type IssuerKey, type IssuerPublicKey, publicPart } from '@watchpost/inference';
import { z } from 'zod';

const publicKeySchema = z.object({
  kid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  alg: z.literal('EdDSA'),
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  iss: z.string().optional(),
  validUntil: z.number().optional(),
});
const issuerKeySchema = publicKeySchema.extend({ privateKey: z.string().min(1) });

/**
 * Writes a private key where only the owner can read it; an existing file stays as it is.
 * @throws WatchpostError `config.invalid`
 */
export function writeKeyFile(path: string, key: IssuerKey): void {
  try {
    writeFileSync(path, `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw unusable('/FILE', 'a new file in a folder that can be written', cause);
  }
}

/**
 * A private key. Refuses a file that others can read, as ssh does.
 * @throws WatchpostError `config.invalid` without anything of the file’s content
 */
export function readKeyFile(path: string): IssuerKey {
  const parsed = issuerKeySchema.safeParse(readJson(path, '/--key'));
  if (!parsed.success) throw unusable('/--key', 'a file that `pass new-key` wrote');
  if ((statSync(path).mode & 0o077) !== 0) {
    throw unusable('/--key', 'a file that only its owner can read (mode 0600)');
  }
  const { privateKey } = parsed.data;
  return { ...asPublic(parsed.data), privateKey };
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

function unusable(path: string, expected: string, cause?: unknown): WatchpostError {
  return new WatchpostError('config.invalid', { path, details: { expected }, cause });
}

/** What gates may have, as JSON in one line. */
export const publicLine = (key: IssuerKey): string => `${JSON.stringify(publicPart(key))}\n`;
