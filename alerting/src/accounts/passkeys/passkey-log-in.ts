import { createHash, randomBytes } from 'node:crypto';
import type { PasskeyAssertion, PasskeyStep } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type Account, findAccountById } from '../../store/account-store.ts';
import { findCredential } from '../../store/factor-store.ts';
import type { Queryable } from '../../store/schema.ts';
import type { LoggedIn, LogIn, SecondStepTry } from '../log-in.ts';
import { passkeyPolicy } from '../policy.ts';
import { hasPassword } from '../stored-password.ts';
import {
  newChallenge,
  passkeysFor,
  requestOptions,
  takeAssertion,
  userHandleOf,
  type WaitingChallenge,
} from './passkey-factor.ts';
import type { RelyingParty } from './relying-party.ts';

/** What {@link PasskeyLogIn} needs. */
export interface PasskeyLogInOptions {
  readonly db: Queryable;
  readonly logIn: Pick<LogIn, 'proven'>;
  readonly nowMs: () => number;
  /** Default: the process’s own, which nobody sets. */
  readonly monotonicMs?: (() => number) | undefined;
}

/** A log-in by passkey alone. */
export interface PasskeyTry extends Pick<SecondStepTry, 'address' | 'origin' | 'deviceCookies'> {
  /** Of the step that {@link PasskeyLogIn.begin} began. */
  readonly token: string;
  readonly response: PasskeyAssertion;
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64url');

/**
 * Log-in by a passkey as the only step: the authenticator has to know the person (PIN, finger, face), so that
 * it is two factors in one. The challenge is of the browser that began, and good for one answer.
 */
export class PasskeyLogIn {
  readonly #options: PasskeyLogInOptions;
  readonly #waiting = new Map<string, WaitingChallenge & { readonly endsMs: number }>();

  constructor(options: PasskeyLogInOptions) {
    this.#options = options;
  }

  /** What the browser is to sign. @throws WatchpostError `account.passkey_unavailable` */
  begin(rp: RelyingParty | undefined): PasskeyStep & { readonly token: string } {
    if (!rp) throw new WatchpostError('account.passkey_unavailable');
    const token = randomBytes(32).toString('base64url');
    const asked = { challenge: newChallenge(), rp, userVerification: 'required' } as const;
    const endsMs = this.#monotonicMs() + passkeyPolicy.askedMs;
    this.#waiting.set(digest(token), { asked, endsMs, isUsed: false });
    for (const [oldest, { endsMs: ends }] of this.#waiting) {
      if (this.#waiting.size <= passkeyPolicy.waitingAtMost && ends > this.#monotonicMs()) break;
      this.#waiting.delete(oldest);
    }
    const expires = new Date(this.#options.nowMs() + passkeyPolicy.askedMs).toISOString();
    return { token, options: requestOptions(asked, []), expires };
  }

  /**
   * Lets in whose passkey signed the challenge.
   * @throws WatchpostError `account.passkey_refused`, `account.passkey_copied`
   */
  async finish({ token, response, ...request }: PasskeyTry): Promise<LoggedIn> {
    const { db, logIn } = this.#options;
    const waiting = this.#waiting.get(digest(token));
    this.#waiting.delete(digest(token));
    const found = await findCredential(db, response.id);
    const account = found && (await findAccountById(db, found.account));
    return logIn.proven({ ...request, name: account?.name ?? '', factor: 'passkey' }, async () => {
      if (!account || !waiting || waiting.endsMs <= this.#monotonicMs() || !mayEnter(account, response))
        throw new WatchpostError('account.passkey_refused');
      const now = new Date(this.#options.nowMs()).toISOString();
      const passkeys = passkeysFor([found], waiting.asked.rp);
      const isRight = await db
        .transaction()
        .execute((tx) => takeAssertion(tx, response, { passkeys, waiting, now }));
      if (!isRight) throw new WatchpostError('account.passkey_refused');
      return account;
    });
  }

  #monotonicMs(): number {
    return (this.#options.monotonicMs ?? (() => performance.now()))();
  }
}

/**
 * Whoever is disabled, was reset or has not begun gets in by no passkey. The passkey names its account
 * itself: there is no user name beside it (WebAuthn Level 3 §7.2 step 6).
 */
const mayEnter = (account: Account, { userHandle }: PasskeyAssertion): boolean =>
  account.kind === 'person' &&
  !account.isDisabled &&
  hasPassword(account.password) &&
  userHandle === userHandleOf(account.id);
