import { WatchpostError } from '@watchpost/contracts/errors';
import { decodeCbor, encodeCbor } from './cose-sign1.ts';
import type { PassClaims } from './verdict.ts';

/**
 * CWT claim keys (RFC 8392 section 3.1, RFC 8747 for cnf); ours are private-use numbers below −65536 (RFC
 * 8392 section 9.1).
 */
const label = { iss: 1, aud: 3, exp: 4, nbf: 5, jti: 7, cnf: 8, addr: -70001, maxUses: -70002 } as const;
const known = new Set<unknown>(Object.values(label));

const name = /^[\x21-\x7e]{1,64}$/;

/** @throws WatchpostError `pass.malformed` with the path of the claim */
export function encodeClaims(claims: PassClaims): Uint8Array {
  const fault = faultOf(claims);
  if (fault) throw new WatchpostError('pass.malformed', { path: `/${fault}` });
  const map = new Map<number, unknown>([
    [label.iss, claims.iss],
    [label.aud, claims.aud.length === 1 ? claims.aud[0] : [...claims.aud]],
    [label.exp, claims.exp],
    [label.nbf, claims.nbf],
    [label.jti, new TextEncoder().encode(claims.jti)],
    [label.maxUses, claims.maxUses],
  ]);
  if (claims.addr !== undefined) map.set(label.addr, claims.addr);
  if (claims.cnf !== undefined) map.set(label.cnf, new Map([[1, coseKey(claims.cnf)]]));
  return encodeCbor(map);
}

/**
 * null when the bytes are not the claims of a pass; unknown claims are refused, because a gate cannot honour
 * them.
 */
export function decodeClaims(bytes: Uint8Array): PassClaims | null {
  const map = decodeCbor(bytes);
  if (!(map instanceof Map) || [...map.keys()].some((key) => !known.has(key))) return null;
  const aud: unknown = map.get(label.aud);
  const jti: unknown = map.get(label.jti);
  const cnf = map.has(label.cnf) ? rawKey(map.get(label.cnf)) : undefined;
  if (cnf === null || !(jti instanceof Uint8Array)) return null;
  const claims = {
    iss: map.get(label.iss),
    jti: Buffer.from(jti).toString('latin1'),
    aud: Array.isArray(aud) ? aud : [aud],
    nbf: map.get(label.nbf),
    exp: map.get(label.exp),
    maxUses: map.get(label.maxUses),
    ...(map.has(label.addr) ? { addr: map.get(label.addr) } : {}),
    ...(cnf ? { cnf } : {}),
  };
  return faultOf(claims) === null ? (claims as PassClaims) : null;
}

/** Name of the first claim that cannot be; null when all can. */
function faultOf(claims: { readonly [claim in keyof PassClaims]: unknown }): string | null {
  const { iss, jti, aud, addr, nbf, exp, maxUses, cnf } = claims;
  if (!isName(iss)) return 'iss';
  if (!isName(jti)) return 'jti';
  if (!Array.isArray(aud) || aud.length < 1 || aud.length > 16 || !aud.every(isName)) return 'aud';
  if (addr !== undefined && !isName(addr)) return 'addr';
  if (!isCount(nbf, 0, 1e11)) return 'nbf';
  if (!isCount(exp, nbf + 1, 1e11)) return 'exp';
  if (!isCount(maxUses, 1, 1000)) return 'maxUses';
  if (cnf !== undefined && !(cnf instanceof Uint8Array && cnf.length === 32)) return 'cnf';
  return null;
}

const isName = (value: unknown): value is string => typeof value === 'string' && name.test(value);
const isCount = (value: unknown, low: number, high: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;

/** COSE_Key of an Ed25519 public key: kty OKP, crv Ed25519, x (RFC 9053 section 7.2). */
function coseKey(raw: Uint8Array): Map<number, unknown> {
  return new Map<number, unknown>([
    [1, 1],
    [-1, 6],
    [-2, raw],
  ]);
}

function rawKey(cnf: unknown): Uint8Array | null {
  const key: unknown = cnf instanceof Map && cnf.size === 1 ? cnf.get(1) : null;
  if (!(key instanceof Map) || key.size !== 3 || key.get(1) !== 1 || key.get(-1) !== 6) return null;
  const x: unknown = key.get(-2);
  return x instanceof Uint8Array ? x : null;
}
