import type { NewPasskey, PasskeyMade, PasskeyStep, Session } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { append } from '../../governance/audit-log.ts';
import { lockAccounts } from '../../store/account-link-store.ts';
import { countRecoveryCodes, factorsOf, findCredential, insertFactor } from '../../store/factor-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { replaceWithNewCodes } from '../code-factors.ts';
import type { LogIn, LogInRequest } from '../log-in.ts';
import { passkeyPolicy } from '../policy.ts';
import { newChallenge, passkeysFor, userHandleOf } from './passkey-factor.ts';
import type { RelyingParty } from './relying-party.ts';
import { type AskedPasskey, passkeyAlgorithms, verifyNewPasskey } from './verify-passkey.ts';

/** What {@link PasskeySetup} needs. */
export interface PasskeySetupOptions {
  readonly db: Queryable;
  readonly logIn: Pick<LogIn, 'prove'>;
  readonly nowMs: () => number;
  /** Default: the process’s own, which nobody sets. */
  readonly monotonicMs?: (() => number) | undefined;
}

type Own = Pick<Session, 'account' | 'user' | 'displayName'>;

interface Waiting {
  readonly asked: AskedPasskey;
  readonly endsMs: number;
}

/** Setting passkeys of the own account up: begun with the password, confirmed by what the browser made. */
export class PasskeySetup {
  readonly #options: PasskeySetupOptions;
  /** By account: of several that are begun the newest counts. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: PasskeySetupOptions) {
    this.#options = options;
  }

  /**
   * What the browser is to make a passkey for. @throws WatchpostError `account.passkey_unavailable`,
   *   `account.passkey_limit`, `account.wrong_password` …
   */
  async begin(
    own: Own,
    proof: Omit<LogInRequest, 'user'>,
    rp: RelyingParty | undefined,
  ): Promise<PasskeyStep> {
    const { db, logIn, nowMs } = this.#options;
    if (!rp) throw new WatchpostError('account.passkey_unavailable');
    await logIn.prove({ ...proof, user: own.user });
    const factors = await factorsOf(db, own.account);
    requireRoom(factors);
    const asked: AskedPasskey = { challenge: newChallenge(), rp, userVerification: 'preferred' };
    this.#keep(own.account, asked);
    return {
      options: {
        challenge: asked.challenge,
        rp: { id: rp.id, name: 'Watchpost' },
        user: { id: userHandleOf(own.account), name: own.user, displayName: own.displayName },
        pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
        timeout: passkeyPolicy.askedMs,
        // One that is there already is not made twice.
        excludeCredentials: passkeysFor(factors, rp).map(({ credential, kept }) => ({
          ...{ type: 'public-key', id: credential, transports: kept.transports },
        })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: asked.userVerification },
        attestation: 'none',
      },
      expires: new Date(nowMs() + passkeyPolicy.askedMs).toISOString(),
    };
  }

  /**
   * Takes what the browser made; from now on it is asked for, and lets in by itself where the authenticator
   * knows the person. Gives recovery codes where there are none yet.
   * @throws WatchpostError `account.factor_setup_ended`, `account.passkey_refused`, `account.passkey_limit`
   */
  async confirm(own: Own, label: string, response: NewPasskey): Promise<PasskeyMade> {
    const { db } = this.#options;
    const waiting = this.#waiting.get(own.account);
    // Good for one answer, right or wrong.
    this.#waiting.delete(own.account);
    if (!waiting || waiting.endsMs <= this.#monotonicMs())
      throw new WatchpostError('account.factor_setup_ended');
    const made = verifyNewPasskey(response, waiting.asked);
    if (!made) throw new WatchpostError('account.passkey_refused', { path: '/response' });
    const { counter, rpId, publicKey, algorithm, transports } = made;
    return db.transaction().execute(async (tx) => {
      await lockAccounts(tx);
      requireRoom(await factorsOf(tx, own.account));
      // §7.1 step 26: nobody registers what is somebody’s already.
      if (await findCredential(tx, response.id))
        throw new WatchpostError('account.passkey_refused', { path: '/response/id' });
      const now = this.#now();
      await insertFactor(
        tx,
        {
          ...{ account: own.account, kind: 'passkey', label, credential: response.id, isConfirmed: true },
          ...{ step: counter, data: { rpId, publicKey, algorithm, transports } },
        },
        now,
      );
      const isFirst = (await countRecoveryCodes(tx, own.account)) === 0;
      const recoveryCodes = isFirst ? await replaceWithNewCodes(tx, own.account) : [];
      await append(tx, {
        ...{ at: now, actor: { account: own.account, name: own.user }, site: null, action: 'factor_added' },
        ...{ subject: { kind: 'account', id: own.account }, reason: null, outcome: 'done' },
        details: { kind: 'passkey', label },
      });
      return { recoveryCodes };
    });
  }

  #keep(account: string, asked: AskedPasskey): void {
    this.#waiting.delete(account);
    this.#waiting.set(account, { asked, endsMs: this.#monotonicMs() + passkeyPolicy.askedMs });
    for (const [oldest, { endsMs }] of this.#waiting) {
      if (this.#waiting.size <= passkeyPolicy.waitingAtMost && endsMs > this.#monotonicMs()) break;
      this.#waiting.delete(oldest);
    }
  }

  #monotonicMs(): number {
    return (this.#options.monotonicMs ?? (() => performance.now()))();
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

function requireRoom(factors: readonly { readonly kind: string }[]): void {
  if (factors.filter(({ kind }) => kind === 'passkey').length >= passkeyPolicy.perAccount)
    throw new WatchpostError('account.passkey_limit', { details: { most: passkeyPolicy.perAccount } });
}
