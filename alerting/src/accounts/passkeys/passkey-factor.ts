import { randomBytes } from 'node:crypto';
import type { PasskeyAssertion, PasskeyOptions, SecondStepRequest } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { factorsOf, type StoredFactor, useCounter } from '../../store/factor-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { passkeyPolicy } from '../policy.ts';
import type { FactorOwner, Offer, SecondFactor } from '../second-factor.ts';
import type { RelyingParty } from './relying-party.ts';
import { type AskedPasskey, type KeptPasskey, keptPasskeySchema, verifyAssertion } from './verify-passkey.ts';

/** A passkey of an account, with what is kept of it. */
export interface Passkey extends StoredFactor {
  readonly kept: KeptPasskey;
  readonly credential: string;
}

/** The passkeys among factors that are good for a relying party. */
export function passkeysFor(factors: readonly StoredFactor[], { id }: RelyingParty): Passkey[] {
  return factors.flatMap((factor) => {
    if (factor.kind !== 'passkey' || factor.credential === null) return [];
    const { success, data } = keptPasskeySchema.safeParse(factor.data);
    return success && data.rpId === id ? [{ ...factor, credential: factor.credential, kept: data }] : [];
  });
}

/** A challenge: 256 random bits. */
export const newChallenge = (): string => randomBytes(32).toString('base64url');

/** What a browser is asked to sign; with no passkeys named, the person chooses among all of the browser. */
export const requestOptions = (asked: AskedPasskey, passkeys: readonly Passkey[]): PasskeyOptions => ({
  challenge: asked.challenge,
  rpId: asked.rp.id,
  timeout: passkeyPolicy.askedMs,
  userVerification: asked.userVerification,
  allowCredentials: passkeys.map(({ credential, kept }) => ({
    ...{ type: 'public-key', id: credential, transports: kept.transports },
  })),
});

/** A challenge that waits for its answer; good for one. */
export interface WaitingChallenge {
  readonly asked: AskedPasskey;
  isUsed: boolean;
}

/**
 * Whether a passkey of the account signed the challenge. It uses the challenge up, and the counter with it.
 * @throws WatchpostError `account.passkey_copied` where the counter did not rise (WebAuthn Level 3 §7.2)
 */
export async function takeAssertion(
  tx: Queryable,
  response: PasskeyAssertion,
  { passkeys, waiting, now }: { passkeys: readonly Passkey[]; waiting: WaitingChallenge; now: string },
): Promise<boolean> {
  const passkey = passkeys.find(({ credential }) => credential === response.id);
  const right = passkey && verifyAssertion(response, passkey.kept, waiting.asked);
  // Nothing waits between the check and the mark: of two that come at once one is the first.
  if (!passkey || !right || waiting.isUsed) return false;
  waiting.isUsed = true;
  if (await useCounter(tx, passkey.id, right.counter, now)) return true;
  throw new WatchpostError('account.passkey_copied');
}

/** Passkeys as a second factor. */
export class PasskeyFactor implements SecondFactor<'passkey'> {
  readonly kind = 'passkey';
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  async offer(
    _db: Queryable,
    _owner: FactorOwner,
    factors: readonly StoredFactor[],
    rp: RelyingParty | undefined,
  ): Promise<Offer | undefined> {
    const passkeys = rp ? passkeysFor(factors, rp) : [];
    if (!rp || passkeys.length === 0) return undefined;
    const asked: AskedPasskey = { challenge: newChallenge(), rp, userVerification: 'preferred' };
    const kept: WaitingChallenge = { asked, isUsed: false };
    return { shown: requestOptions(asked, passkeys), kept };
  }

  async verify(
    tx: Queryable,
    { id }: FactorOwner,
    { response }: Extract<SecondStepRequest, { kind: 'passkey' }>,
    kept: unknown,
  ): Promise<boolean> {
    const waiting = kept as WaitingChallenge;
    const passkeys = passkeysFor(await factorsOf(tx, id), waiting.asked.rp);
    const { userHandle } = response;
    if (userHandle !== null && userHandle !== userHandleOf(id)) return false;
    return takeAssertion(tx, response, { passkeys, waiting, now: new Date(this.#nowMs()).toISOString() });
  }
}

/** What a passkey knows its account by: the id, which says nothing of the person (§14.6.1). */
export const userHandleOf = (account: string): string => Buffer.from(account).toString('base64url');
