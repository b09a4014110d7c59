import { readFileSync, statSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type IssuerPublicKey, type RevocationVerdict, verifyRevocationList } from '@watchpost/passes';
import { commandPolicy } from '../policy.ts';
import { unusable } from './key-file.ts';

/**
 * The text of a list. @throws WatchpostError `config.invalid` with `option` as its path; null when there is
 * no file
 */
export function readListFile(path: string, option: string): string | null {
  let size: number;
  try {
    size = statSync(path).size;
  } catch {
    return null;
  }
  if (size > commandPolicy.revocationFileBytes) throw unusable(option, 'a file that `pass revoke` wrote');
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw unusable(option, 'a readable file', cause);
  }
}

/**
 * A list that may be relied on.
 * @throws WatchpostError `config.invalid`, or `pass.*` when the list is forged, expired or of another issuer
 */
export function readRevocations(
  path: string,
  keys: readonly IssuerPublicKey[],
  now: number,
): Extract<RevocationVerdict, { outcome: 'accepted' }> {
  const text = readListFile(path, '/--revocations');
  if (text === null) throw unusable('/--revocations', 'a readable file');
  const verdict = verifyRevocationList(text, { keys, now });
  if (verdict.outcome === 'accepted') return verdict;
  throw new WatchpostError(verdict.reason, { path: '/--revocations' });
}
