import { WatchpostError } from '@watchpost/contracts/errors';
import { append } from '../governance/audit-log.ts';
import {
  deleteExpiredLinks,
  deleteLinks,
  findLink,
  insertLink,
  lockAccounts,
  type StoredLink,
  takeLink,
} from '../store/account-link-store.ts';
import { type Account, everySite, findAccount, writeAccount } from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';
import { hashOfLink, type NewLink, newLink } from './link-secret.ts';
import { hasAdministrator } from './manage-accounts.ts';
import { hashPassword } from './password.ts';
import { accountLinkPolicy, passwordRules } from './policy.ts';

/** Who sets a password by a link. */
export interface LinkUse {
  readonly token: string;
  /** The name that the first administrator chose. */
  readonly user?: string | undefined;
  readonly password: string;
}

/** A new link of an account; earlier ones end. */
export async function issueLink(tx: Queryable, account: string, nowMs: number): Promise<NewLink> {
  const { token, expires, tokenHash } = newLink(nowMs);
  await deleteLinks(tx, account);
  await insertLink(tx, { tokenHash, account, expires }, new Date(nowMs).toISOString());
  return { token, expires };
}

/**
 * One-time links: each sets one password, once, within a day. The database knows only the hash of their
 * secret. A link without an account makes the first administrator, and is good only while there is none.
 */
export class AccountLinks {
  readonly #db: Queryable;
  readonly #nowMs: () => number;

  constructor(db: Queryable, nowMs: () => number) {
    this.#db = db;
    this.#nowMs = nowMs;
  }

  /** A new link of an account; earlier ones end. */
  async issue(account: string): Promise<NewLink> {
    return this.#db.transaction().execute((tx) => issueLink(tx, account, this.#nowMs()));
  }

  /**
   * A new link for the first administrator.
   * @throws WatchpostError `account.has_administrator`
   */
  async issueFirst(): Promise<NewLink> {
    if (await hasAdministrator(this.#db)) throw new WatchpostError('account.has_administrator');
    const { token, expires, tokenHash } = newLink(this.#nowMs());
    await this.accept({ tokenHash, expires });
    return { token, expires };
  }

  /** Takes a link over that was made before there was a database; none where there is an administrator. */
  async accept({ tokenHash, expires }: Pick<StoredLink, 'tokenHash' | 'expires'>): Promise<void> {
    if (await hasAdministrator(this.#db)) return;
    await deleteExpiredLinks(this.#db, this.#now());
    await insertLink(this.#db, { tokenHash, account: null, expires }, this.#now());
    await deleteLinks(this.#db, null, accountLinkPolicy.firstAtMost);
  }

  /** @throws WatchpostError `account.link_invalid` */
  async look(token: string): Promise<Pick<StoredLink, 'account' | 'expires'>> {
    const found = await findLink(this.#db, hashOfLink(token), this.#now());
    if (!found || (found.account === null && (await hasAdministrator(this.#db))))
      throw new WatchpostError('account.link_invalid');
    return found;
  }

  /**
   * Sets the password, which uses the link up; sessions that the account had end.
   * @returns the account
   * @throws WatchpostError `account.link_invalid`, `account.password_*`, `account.exists`, `api.invalid` for
   *   a
   *   name that is missing or too much: the link stays then
   */
  async use({ token, user, password }: LinkUse): Promise<Account> {
    const { account } = await this.look(token);
    const name = nameFor(account, user);
    requirePassword(password, name);
    // Only here: a derivation costs a core, and strangers have no link.
    const derived = await hashPassword(password);
    return this.#db.transaction().execute(async (tx) => {
      await lockAccounts(tx);
      const taken = await takeLink(tx, hashOfLink(token), this.#now());
      if (!taken || (taken.account === null && (await hasAdministrator(tx))))
        throw new WatchpostError('account.link_invalid');
      const existing = await findAccount(tx, name);
      if (taken.account === null && existing) throw new WatchpostError('account.exists', { path: '/user' });
      if (taken.account !== null && !existing) throw new WatchpostError('account.link_invalid');
      const roles = existing?.roles ?? { [everySite]: 'admin' as const };
      await writeAccount(tx, { name, roles, zones: existing?.zones, password: derived });
      if (taken.account === null) await deleteLinks(tx, null);
      const saved = await findAccount(tx, name);
      if (!saved) throw new WatchpostError('account.link_invalid');
      await append(tx, {
        at: this.#now(),
        actor: { account: saved.id, name },
        site: null,
        action: 'link_used',
        subject: { kind: 'account', id: saved.id },
        reason: null,
        outcome: 'done',
        details: taken.account === null ? { first: true } : {},
      });
      return saved;
    });
  }

  #now(): string {
    return new Date(this.#nowMs()).toISOString();
  }
}

function nameFor(account: string | null, user: string | undefined): string {
  if (account !== null && user !== undefined && user !== account)
    throw new WatchpostError('api.invalid', { path: '/user', details: { expected: 'none' } });
  const name = account ?? user;
  if (name === undefined)
    throw new WatchpostError('api.invalid', { path: '/user', details: { expected: 'a name' } });
  return name;
}

/**
 * What a new password must be. @throws WatchpostError `account.password_short`, `account.password_is_name`
 */
export function requirePassword(password: string, name: string): void {
  const { leastCharacters: least } = passwordRules;
  // Characters as people count them, not as JavaScript stores them.
  const characters = [...password.normalize('NFKC')].length;
  if (characters < least)
    throw new WatchpostError('account.password_short', { path: '/password', details: { least } });
  if (password.toLowerCase() === name.toLowerCase())
    throw new WatchpostError('account.password_is_name', { path: '/password' });
}
