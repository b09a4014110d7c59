import { existsSync, writeFileSync } from 'node:fs';
import { generateIssuerKey, type IssuerKey, issuePass } from '@watchpost/passes';
import { readSecretFile } from '@watchpost/service';

const daySeconds = 86_400;
const iss = 'demo-issuer';

/** The key that signs the demo’s passes: made once, readable by the owner only. */
export function demoIssuer(path: string): IssuerKey {
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(generateIssuerKey({ iss })), { mode: 0o600 });
  return JSON.parse(readSecretFile(path).toString()) as IssuerKey;
}

export interface DemoPasses {
  readonly valid: string;
  /** Signed by a key that only claims to be the issuer’s. */
  readonly forged: string;
  /** When the valid pass expires, seconds since the epoch. */
  readonly expires: number;
}

/** A visitor pass for the gate, and a forged one: same claims, same key id, another private key. */
export function demoPasses(issuer: IssuerKey, nowMs: number): DemoPasses {
  const nowS = Math.floor(nowMs / 1000);
  const expires = nowS + 30 * daySeconds;
  const claims = (jti: string) => ({
    iss,
    jti,
    aud: ['gate'],
    addr: 'demo-unit-12',
    nbf: nowS - 60,
    exp: expires,
    maxUses: 1000,
  });
  const impostor = generateIssuerKey({ kid: issuer.kid, iss });
  return {
    valid: issuePass(claims('demo-pass-1'), issuer),
    forged: issuePass(claims('demo-pass-2'), impostor),
    expires,
  };
}
