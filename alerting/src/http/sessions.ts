import { createHash, randomBytes } from 'node:crypto';
import { type Role, rolePermissions, type Session, WatchpostError } from '@watchpost/contracts';
import type { AlertingMetrics } from '../metrics.ts';
import {
  deleteSession,
  findAccount,
  findSession,
  insertSession,
  saveAccount,
} from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** An account that must exist. */
export interface AccountOptions {
  readonly user: string;
  readonly password: string;
  readonly role: Role;
}

/** How long a session lasts. */
export const sessionMs = 12 * 3_600_000;

const failureWindowMs = 5 * 60_000;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const toSession = (user: string, role: Role, expires: string): Session => ({
  user,
  role,
  permissions: [...rolePermissions[role]],
  expires,
});

/** Log-in and sessions. A token is 256 random bits; the database knows only its hash. */
export class Sessions {
  readonly #db: Queryable;
  readonly #nowMs: () => number;
  readonly #logins: AlertingMetrics['logins'];
  readonly #perUser = new AttemptLimit(10, failureWindowMs);
  readonly #perAddress = new AttemptLimit(20, failureWindowMs);

  constructor(db: Queryable, nowMs: () => number, logins: AlertingMetrics['logins']) {
    this.#db = db;
    this.#nowMs = nowMs;
    this.#logins = logins;
  }

  /** Makes the accounts, or gives them this role and password. */
  async ensureAccounts(accounts: readonly AccountOptions[]): Promise<void> {
    for (const { user, password, role } of accounts) {
      const existing = await findAccount(this.#db, user);
      if (existing?.role === role && (await verifyPassword(password, existing.password))) continue;
      await saveAccount(this.#db, { name: user, role, password: await hashPassword(password) });
    }
  }

  /**
   * Logs in.
   * @throws WatchpostError `api.bad_credentials`, or `api.too_many_requests` after 10 failures for a user from an
   * address or 20 from an address within five minutes.
   */
  async logIn(user: string, password: string, address: string): Promise<{ token: string; session: Session }> {
    const nowMs = this.#nowMs();
    const userKey = `${address} ${user}`;
    if (!this.#perUser.allows(userKey, nowMs) || !this.#perAddress.allows(address, nowMs)) {
      this.#logins.inc({ result: 'limited' });
      throw new WatchpostError('api.too_many_requests');
    }
    // Counted before the derivation, so that attempts in parallel count too.
    this.#perUser.fail(userKey, nowMs);
    this.#perAddress.fail(address, nowMs);
    const account = await findAccount(this.#db, user);
    if (!(await verifyPassword(password, account?.password)) || !account) {
      this.#logins.inc({ result: 'refused' });
      throw new WatchpostError('api.bad_credentials');
    }
    this.#perUser.clear(userKey);
    this.#perAddress.clear(address);
    this.#logins.inc({ result: 'ok' });
    return this.#open(account.name, account.role, nowMs);
  }

  async #open(user: string, role: Role, nowMs: number): Promise<{ token: string; session: Session }> {
    const token = randomBytes(32).toString('base64url');
    const expires = new Date(nowMs + sessionMs).toISOString();
    const now = new Date(nowMs).toISOString();
    await insertSession(this.#db, { tokenHash: hashOf(token), account: user, now, expires });
    return { token, session: toSession(user, role, expires) };
  }

  /** The session of a token, if it is one and did not expire. */
  async find(token: string): Promise<Session | undefined> {
    const now = new Date(this.#nowMs()).toISOString();
    const found = await findSession(this.#db, hashOf(token), now);
    return found && toSession(found.account, found.role, found.expires);
  }

  async logOut(token: string): Promise<void> {
    await deleteSession(this.#db, hashOf(token));
  }
}
