import type { AuditAction, AuditDetails, RecoveryCodes, Session, TotpSetup } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { append } from '../governance/audit-log.ts';
import type { SiteRoles } from '../store/account-store.ts';
import {
  confirmFactor,
  deleteFactor,
  factorsOf,
  insertFactor,
  replaceRecoveryCodes,
} from '../store/factor-store.ts';
import type { Queryable } from '../store/schema.ts';
import { replaceWithNewCodes, totpSealedFor } from './code-factors.ts';
import type { LogIn, LogInRequest } from './log-in.ts';
import { totpPolicy } from './policy.ts';
import { open, seal } from './sealed-text.ts';
import { newTotpSecret, stepOf, toBase32, totpUri } from './totp.ts';

/** What {@link FactorSetup} needs. */
export interface FactorSetupOptions {
  readonly db: Queryable;
  /** Of the server, 32 bytes: seals secrets. */
  readonly key: Buffer;
  readonly logIn: Pick<LogIn, 'prove'>;
  readonly nowMs: () => number;
  /** Whether one of these roles demands a second factor. */
  readonly factorRequired: (roles: SiteRoles) => boolean;
}

type Own = Pick<Session, 'account' | 'user'>;
/** Who shows the password again, from where. */
export type Proof = Omit<LogInRequest, 'user'>;

/**
 * Setting second factors up and taking them away. Both take the password; each change is in the audit log.
 */
export class FactorSetup {
  readonly #options: FactorSetupOptions;

  constructor(options: FactorSetupOptions) {
    this.#options = options;
  }

  /**
   * A new secret, which holds once a code of it was shown; then it takes the place of the one before, so
   * that somebody with a new phone is never without. @throws WatchpostError `account.wrong_password` …
   */
  async beginTotp(own: Own, proof: Proof): Promise<TotpSetup> {
    const { db, key, logIn, nowMs } = this.#options;
    await logIn.prove({ ...proof, user: own.user });
    const secret = newTotpSecret();
    await db.transaction().execute(async (tx) => {
      const sealed = seal(key, secret, totpSealedFor(own.account));
      await insertFactor(
        tx,
        { account: own.account, kind: 'totp', label: 'TOTP', secret: sealed, isConfirmed: false },
        this.#now(),
      );
    });
    return {
      secret: toBase32(secret),
      uri: totpUri(secret, totpPolicy.issuer, own.user),
      expires: new Date(nowMs() + totpPolicy.setupMs).toISOString(),
    };
  }

  /**
   * The authenticator shows the right code: from now on it is asked for. Gives new recovery codes.
   * @throws WatchpostError `account.factor_setup_ended`, `account.factor_wrong`
   */
  async confirmTotp(own: Own, code: string): Promise<RecoveryCodes> {
    const { db, key, nowMs } = this.#options;
    return db.transaction().execute(async (tx) => {
      const waiting = (await factorsOf(tx, own.account, false)).find(({ kind }) => kind === 'totp');
      if (!waiting?.secret || waiting.created_at.getTime() + totpPolicy.setupMs <= nowMs())
        throw new WatchpostError('account.factor_setup_ended');
      const step = stepOf(open(key, waiting.secret, totpSealedFor(own.account)), code, nowMs());
      if (step === undefined) throw new WatchpostError('account.factor_wrong', { path: '/code' });
      for (const { id, kind } of await factorsOf(tx, own.account)) {
        if (kind !== 'totp') continue;
        await deleteFactor(tx, own.account, id);
        await this.#audit(tx, own, 'factor_removed', { kind });
      }
      await confirmFactor(tx, waiting.id, step, this.#now());
      const codes = await this.#newCodes(tx, own.account);
      await this.#audit(tx, own, 'factor_added', { kind: 'totp' });
      return codes;
    });
  }

  /** New recovery codes; those of before are void. @throws WatchpostError `account.factor_setup_ended` … */
  async renewRecoveryCodes(own: Own, proof: Proof): Promise<RecoveryCodes> {
    await this.#options.logIn.prove({ ...proof, user: own.user });
    return this.#options.db.transaction().execute(async (tx) => {
      if ((await factorsOf(tx, own.account)).length === 0)
        throw new WatchpostError('account.factor_setup_ended');
      const codes = await this.#newCodes(tx, own.account);
      await this.#audit(tx, own, 'factor_added', { kind: 'recovery' });
      return codes;
    });
  }

  /**
   * Takes a factor away; with the last one the recovery codes go too.
   * @throws WatchpostError `account.factor_required`, `api.not_found` …
   */
  async remove(own: Own, id: string, proof: Proof): Promise<void> {
    const { db, logIn, factorRequired } = this.#options;
    const { roles } = await logIn.prove({ ...proof, user: own.user });
    const required = factorRequired(roles);
    await db.transaction().execute(async (tx) => {
      const factors = await factorsOf(tx, own.account);
      const factor = factors.find((one) => one.id === id);
      if (!factor) throw new WatchpostError('api.not_found', { path: '/id' });
      if (factors.length === 1 && required)
        throw new WatchpostError('account.factor_required', { path: '/id' });
      await deleteFactor(tx, own.account, id);
      if (factors.length === 1) await replaceRecoveryCodes(tx, own.account, []);
      await this.#audit(tx, own, 'factor_removed', { kind: factor.kind });
    });
  }

  async #newCodes(tx: Queryable, account: string): Promise<RecoveryCodes> {
    return { recoveryCodes: await replaceWithNewCodes(tx, account) };
  }

  #audit(tx: Queryable, own: Own, action: AuditAction, details: AuditDetails): Promise<void> {
    return append(tx, {
      at: this.#now(),
      actor: { account: own.account, name: own.user },
      site: null,
      action,
      subject: { kind: 'account', id: own.account },
      reason: null,
      outcome: 'done',
      details,
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}
