import { WatchpostError } from '@watchpost/contracts/errors';
import { decodeBase45, encodeBase45 } from './base45.ts';
import {
  decodeCbor,
  decodeSign1,
  encodeCbor,
  encodeSign1,
  protectedHeaderOf,
  signatureInput,
} from './cose-sign1.ts';
import { keyFor, signWith, verifyWith } from './issuer-key.ts';
import type { IssuerKey, IssuerPublicKey } from './verdict.ts';

const prefix = 'WPR:';
/** Keeps a signature over a list from being one over a pass. */
const purpose = 'watchpost revocations';
const maxRevoked = 10_000;

/** Withdrawn passes of an issuer. Times are seconds since the epoch. */
export interface RevocationList {
  readonly iss: string;
  /** Rises with every list; a gate keeps the highest it has seen. */
  readonly sequence: number;
  readonly issued: number;
  /** From then on a gate must not rely on the list. */
  readonly expires: number;
  /** `jti`s, at most 10,000. */
  readonly revoked: readonly string[];
}

/** Result of checking a list. */
export type RevocationVerdict =
  | { readonly outcome: 'accepted'; readonly list: RevocationList; readonly revoked: ReadonlySet<string> }
  | {
      readonly outcome: 'rejected';
      readonly reason: 'pass.malformed' | 'pass.signature' | 'pass.unknown_key' | 'pass.expired';
    };

/**
 * `WPR:` + Base45(COSE_Sign1), deterministic.
 * @throws WatchpostError `pass.malformed`
 */
export function issueRevocationList(list: RevocationList, key: IssuerKey): string {
  if (!isList(list)) throw new WatchpostError('pass.malformed');
  const { iss, sequence, issued, expires, revoked } = list;
  const payload = encodeCbor([iss, sequence, issued, expires, [...revoked].sort()]);
  const protectedHeader = protectedHeaderOf(key.kid);
  const signature = signWith(key, signatureInput(protectedHeader, payload, purpose));
  return prefix + encodeBase45(encodeSign1({ protectedHeader, payload, signature }));
}

/**
 * Never throws. `now` in ms. Hand `revoked` to `verifyPass`. `newest` is the highest `sequence` that the gate
 * has seen: an older list, however well signed, is `pass.expired`, because it would bring withdrawn passes
 * back.
 */
export function verifyRevocationList(
  text: string,
  options: { readonly keys: readonly IssuerPublicKey[]; readonly now: number; readonly newest?: number },
): RevocationVerdict {
  const { keys, now, newest = 0 } = options;
  const rejected = (reason: 'pass.malformed' | 'pass.signature' | 'pass.unknown_key' | 'pass.expired') =>
    ({ outcome: 'rejected', reason }) as const;
  const bytes = text.startsWith(prefix) ? decodeBase45(text.slice(prefix.length)) : null;
  const sign1 = bytes && decodeSign1(bytes);
  if (!sign1) return rejected('pass.malformed');
  const key = keyFor(sign1.kid, keys, now);
  if (!key) return rejected('pass.unknown_key');
  if (!verifyWith(key, signatureInput(sign1.protectedHeader, sign1.payload, purpose), sign1.signature)) {
    return rejected('pass.signature');
  }
  const item = decodeCbor(sign1.payload);
  if (!Array.isArray(item) || item.length !== 5) return rejected('pass.malformed');
  const [iss, sequence, issued, expires, revoked] = item;
  const list = { iss, sequence, issued, expires, revoked };
  if (!isList(list)) return rejected('pass.malformed');
  if (key.iss !== undefined && key.iss !== list.iss) return rejected('pass.unknown_key');
  if (!(now < list.expires * 1000) || list.sequence < newest) return rejected('pass.expired');
  return { outcome: 'accepted', list, revoked: new Set(list.revoked) };
}

function isList(list: { readonly [field in keyof RevocationList]: unknown }): list is RevocationList {
  const { iss, sequence, issued, expires, revoked } = list;
  const isName = (value: unknown) => typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value);
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isName(iss) || ![sequence, issued, expires].every(isCount)) return false;
  return Array.isArray(revoked) && revoked.length <= maxRevoked && revoked.every(isName);
}
