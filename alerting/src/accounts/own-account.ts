import type {
  AuditAction,
  AuditDetails,
  Language,
  OwnAccount,
  OwnSession,
  Session,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { append } from '../governance/audit-log.ts';
import { deleteLinks, lockAccounts } from '../store/account-link-store.ts';
import { findAccountById, type SiteRoles } from '../store/account-store.ts';
import { countRecoveryCodes, factorsOf, isByProvider } from '../store/factor-store.ts';
import type { Queryable } from '../store/schema.ts';
import { sessionsOf } from '../store/session-store.ts';
import { requirePassword } from './account-links.ts';
import type { LogIn, LogInRequest } from './log-in.ts';
import { hashPassword } from './password.ts';
import { passwordRules } from './policy.ts';
import type { Sessions } from './sessions.ts';
import { hasPassword } from './stored-password.ts';

/** What {@link OwnAccounts} needs. */
export interface OwnAccountOptions {
  readonly db: Queryable;
  readonly sessions: Sessions;
  readonly logIn: Pick<LogIn, 'prove'>;
  readonly nowMs: () => number;
  /** Whether one of these roles demands a second factor. */
  readonly factorRequired: (roles: SiteRoles) => boolean;
}

/** Who asks: the account of a session. */
type Own = Pick<Session, 'account' | 'user'>;

/** What people do with their own account. Each change is in the audit log. */
export class OwnAccounts {
  readonly #options: OwnAccountOptions;

  constructor(options: OwnAccountOptions) {
    this.#options = options;
  }

  /** The account as its owner sees it. */
  async describe(own: Session): Promise<OwnAccount> {
    const { db, factorRequired } = this.#options;
    const account = await findAccountById(db, own.account);
    if (!account) throw new WatchpostError('api.unauthenticated');
    const [factors, recoveryCodes, byProvider] = await Promise.all([
      factorsOf(db, own.account),
      countRecoveryCodes(db, own.account),
      isByProvider(db, own.account),
    ]);
    return {
      id: account.id,
      name: account.name,
      displayName: account.displayName ?? account.name,
      language: account.language,
      hasPassword: hasPassword(account.password),
      byProvider,
      leastCharacters: passwordRules.leastCharacters,
      factors: factors.map(({ id, kind, label, created_at, last_used_at }) => ({
        ...{ id, kind, label },
        createdAt: created_at.toISOString(),
        lastUsed: last_used_at?.toISOString() ?? null,
      })),
      factorRequired: !byProvider && factorRequired(account.roles),
      recoveryCodes,
    };
  }

  /** In which language the person is spoken to; null: that of the browser. */
  async speak({ account, user }: Own, language: Language | null): Promise<void> {
    await this.#options.db.transaction().execute(async (tx) => {
      await tx.updateTable('account').set({ language }).where('id', '=', account).execute();
      await this.#audit(tx, { account, user }, 'account_changed');
    });
  }

  /**
   * Sets a new password. The old one is tried as at log-in, within the same limits. All sessions end; the one
   * that is returned goes on.
   * @throws WatchpostError `account.wrong_password`, `account.password_*`, `api.login_slowed`,
   *   `api.login_busy`
   */
  async changePassword(
    own: Own,
    proof: Omit<LogInRequest, 'user'>,
    next: string,
  ): Promise<{ readonly token: string; readonly session: Session }> {
    const { db, logIn, sessions } = this.#options;
    requirePassword(next, own.user);
    const before = await logIn.prove({ ...proof, user: own.user });
    const derived = await hashPassword(next);
    await db.transaction().execute(async (tx) => {
      await lockAccounts(tx);
      const changed = await tx
        .updateTable('account')
        .set({ password: derived })
        .where('id', '=', own.account)
        .where('password', '=', before.password)
        .executeTakeFirst();
      if (Number(changed.numUpdatedRows) === 0) throw new WatchpostError('account.wrong_password');
      // A link of a reset would let in whoever has it, and take this password away again.
      await deleteLinks(tx, own.user);
      await this.#audit(tx, own, 'password_changed');
    });
    return sessions.open({ name: own.user, password: derived }, proof.origin);
  }

  /** The open sessions of the account; `current` is the hash of the token that asks. */
  async sessions({ user }: Own, current: string): Promise<OwnSession[]> {
    const { db, nowMs } = this.#options;
    const open = await sessionsOf(db, user, new Date(nowMs()).toISOString());
    return open.map(({ tokenHash, browserName, browserSystem, lastSeen, ...rest }) => ({
      ...rest,
      current: tokenHash === current,
      lastUsed: lastSeen,
      browser: { name: browserName, system: browserSystem },
    }));
  }

  /**
   * Ends sessions of the account: one by its id, or all but one by the hash of its token.
   * @throws WatchpostError `api.not_found`: the account has no session with this id
   */
  async endSessions(own: Own, which: { readonly id: string } | { readonly but: string }): Promise<void> {
    const ended = await this.#options.sessions.endOf(own.user, which, (tx, count) =>
      this.#audit(tx, own, 'sessions_ended', { sessions: count }),
    );
    if (ended === 0 && 'id' in which) throw new WatchpostError('api.not_found', { path: '/id' });
  }

  /** Ends the session of a token, which is one of the account. */
  async logOut(own: Own, token: string): Promise<void> {
    await this.#options.sessions.logOut(token, (tx) => this.#audit(tx, own, 'log_out'));
  }

  #audit(tx: Queryable, own: Own, action: AuditAction, details: AuditDetails = {}): Promise<void> {
    return append(tx, {
      at: new Date(this.#options.nowMs()).toISOString(),
      actor: { account: own.account, name: own.user },
      site: null,
      action,
      subject: { kind: 'account', id: own.account },
      reason: null,
      outcome: 'done',
      details,
    });
  }
}
