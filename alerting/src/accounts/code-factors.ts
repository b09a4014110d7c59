import { createHash, randomInt } from 'node:crypto';
import type { SecondStepRequest } from '@watchpost/contracts/api';
import {
  countRecoveryCodes,
  factorsOf,
  replaceRecoveryCodes,
  takeRecoveryCode,
  useStep,
} from '../store/factor-store.ts';
import type { Queryable } from '../store/schema.ts';
import { recoveryPolicy } from './policy.ts';
import { open } from './sealed-text.ts';
import type { FactorOwner, Offer, SecondFactor } from './second-factor.ts';
import { stepOf } from './totp.ts';

type Factors = Parameters<SecondFactor['offer']>[2];

/** What the secret of an authenticator is sealed for. */
export const totpSealedFor = (account: string): string => `totp ${account}`;

/** Codes of an authenticator app. */
export class TotpFactor implements SecondFactor<'totp'> {
  readonly kind = 'totp';
  readonly #key: Buffer;
  readonly #nowMs: () => number;

  /** `key`: of the server, 32 bytes. */
  constructor(key: Buffer, nowMs: () => number) {
    this.#key = key;
    this.#nowMs = nowMs;
  }

  async offer(_db: Queryable, _owner: FactorOwner, factors: Factors): Promise<Offer | undefined> {
    return factors.some(({ kind }) => kind === 'totp') ? {} : undefined;
  }

  async verify(
    tx: Queryable,
    { id }: FactorOwner,
    { code }: Extract<SecondStepRequest, { kind: 'totp' }>,
  ): Promise<boolean> {
    const factor = (await factorsOf(tx, id)).find(({ kind }) => kind === 'totp');
    if (!factor?.secret) return false;
    const step = stepOf(open(this.#key, factor.secret, totpSealedFor(id)), code, this.#nowMs());
    return step !== undefined && useStep(tx, factor.id, step, new Date(this.#nowMs()).toISOString());
  }
}

/** Without letters and digits that look alike (Crockford). */
const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A recovery code: 80 random bits, in groups for who writes it down. */
export function newRecoveryCode(): string {
  const text = Array.from({ length: 16 }, () => signs[randomInt(signs.length)]).join('');
  return text.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** What is kept of a code. It has 80 random bits, so a fast digest is enough. However it is typed. */
export function hashOfRecoveryCode(account: string, code: string): string {
  const plain = code
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return createHash('sha256').update(`watchpost recovery code ${account} ${plain}`).digest('hex');
}

/** New recovery codes of an account. */
const newRecoveryCodes = (): string[] =>
  Array.from({ length: recoveryPolicy.codes }, () => newRecoveryCode());

/** Puts new codes in the place of those that an account has, and gives them this once. */
export async function replaceWithNewCodes(tx: Queryable, account: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await replaceRecoveryCodes(
    tx,
    account,
    codes.map((code) => hashOfRecoveryCode(account, code)),
  );
  return codes;
}

/** Codes for who has lost the authenticator. */
export class RecoveryFactor implements SecondFactor<'recovery'> {
  readonly kind = 'recovery';

  async offer(db: Queryable, { id }: FactorOwner, factors: Factors): Promise<Offer | undefined> {
    return factors.length > 0 && (await countRecoveryCodes(db, id)) > 0 ? {} : undefined;
  }

  verify(
    tx: Queryable,
    { id }: FactorOwner,
    { code }: Extract<SecondStepRequest, { kind: 'recovery' }>,
  ): Promise<boolean> {
    return takeRecoveryCode(tx, id, hashOfRecoveryCode(id, code));
  }
}
