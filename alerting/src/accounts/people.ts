import { randomUUID } from 'node:crypto';
import type { AccountScope, AuditAction, AuditDetails, Language } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { append } from '../governance/audit-log.ts';
import { deleteLinks, lockAccounts } from '../store/account-link-store.ts';
import {
  type Account,
  everySite,
  findAccount,
  findAccountById,
  rightsOf,
  scopesOf,
  writeAccount,
} from '../store/account-store.ts';
import { eraseFromDuty } from '../store/duty-erasure.ts';
import { deleteFactors, deletePasskeys } from '../store/factor-store.ts';
import type { Queryable } from '../store/schema.ts';
import { deleteSessionsOf } from '../store/session-store.ts';
import { issueLink } from './account-links.ts';
import type { NewLink } from './link-secret.ts';
import { hasPassword, isLastAdministrator, noPassword } from './stored-password.ts';

/** Who changes accounts: somebody with a session, or whoever has the server’s computer. */
export type ChangedBy =
  | 'server console'
  | { readonly account: string; readonly name: string; readonly isOfEverySite: boolean };

/** A new account. */
export interface NewAccount {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly kind: Account['kind'];
  readonly language: Language | null;
  readonly scopes: readonly AccountScope[];
}

/** What {@link People.change} sets. */
export interface AccountEdit {
  readonly displayName?: string | undefined;
  readonly language?: Language | null | undefined;
  readonly scopes?: readonly AccountScope[] | undefined;
}

/** What {@link People} needs. */
export interface PeopleOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /**
   * The zones of a site, undefined where there is no such site; absent: not known here, nothing is checked.
   */
  readonly zonesOf?: ((site: string) => ReadonlySet<string> | undefined) | undefined;
  /** An account was taken out of rotas, and that is committed: they are planned anew. */
  readonly dutyChanged?: (() => Promise<void>) | undefined;
}

/**
 * What may be done with accounts of others. Each step is one transaction, with its entry in the audit log.
 * Nobody changes their own rights, and nobody who is not administrator of every site touches an account that
 * has rights on every site, or gives such.
 */
export class People {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /**
   * Makes an account; a person gets a one-time link.
   * @throws WatchpostError `account.exists`, `account.beyond_own`, `account.scope_unknown`
   */
  invite(by: ChangedBy, { kind, scopes, ...about }: NewAccount): Promise<Changed> {
    return this.#run(async (tx) => {
      const { name, displayName = null, language } = about;
      if (await findAccount(tx, name)) throw new WatchpostError('account.exists', { path: '/name' });
      this.#requireScopes(by, scopes);
      await writeAccount(tx, { name, password: noPassword, ...rightsOf(scopes) });
      await tx
        .updateTable('account')
        .set({ kind, language, display_name: displayName, created_at: this.#now() })
        .set(by === 'server console' ? {} : { invited_by: by.account, invited_by_name: by.name })
        .where('name', '=', name)
        .execute();
      const account = await requireAccount(tx, name);
      const link = kind === 'person' ? await issueLink(tx, name, this.#options.nowMs()) : null;
      await this.#audit(tx, by, 'account_invited', account, { kind, scopes: written(scopes) });
      return { account, link };
    });
  }

  /**
   * Changes what is named; other scopes end the sessions of the account.
   * @throws WatchpostError `account.*`
   */
  change(by: ChangedBy, id: string, { displayName, language, scopes }: AccountEdit): Promise<Changed> {
    return this.#on(by, id, async (tx, before) => {
      if (scopes) {
        this.#requireScopes(by, scopes);
        await writeAccount(tx, { name: before.name, password: before.password, ...rightsOf(scopes) });
        const was = written(scopesOf(before));
        await this.#audit(tx, by, 'roles_changed', before, { before: was, after: written(scopes) });
      }
      if (displayName === undefined && language === undefined) return null;
      await tx
        .updateTable('account')
        .set(displayName === undefined ? {} : { display_name: displayName })
        .set(language === undefined ? {} : { language })
        .where('id', '=', id)
        .execute();
      await this.#audit(tx, by, 'account_changed', before);
      return null;
    });
  }

  /**
   * Lets nobody in any more: password, links, sessions and tokens are gone. What it did keeps its name.
   * @throws WatchpostError `account.*`
   */
  disable(by: ChangedBy, id: string): Promise<Changed> {
    return this.#on(by, id, async (tx, { name, isDisabled, password }) => {
      if (!isDisabled) {
        await deleteLinks(tx, name);
        // Each lets in by itself, and is not back with the account.
        await deletePasskeys(tx, id);
        if (hasPassword(password))
          await tx.updateTable('account').set({ password: noPassword }).where('id', '=', id).execute();
        await tx.updateTable('account').set({ disabled_at: this.#now() }).where('id', '=', id).execute();
      }
      await this.#audit(tx, by, 'account_disabled', { id, name });
      return null;
    });
  }

  /** Lets somebody in again, with a new password. @throws WatchpostError `account.*` */
  enable(by: ChangedBy, id: string): Promise<Changed> {
    return this.#on(by, id, async (tx, { name, kind }) => {
      await tx.updateTable('account').set({ disabled_at: null }).where('id', '=', id).execute();
      const link = kind === 'person' ? await issueLink(tx, name, this.#options.nowMs()) : null;
      await this.#audit(tx, by, 'account_enabled', { id, name });
      return link;
    });
  }

  /**
   * A one-time link that sets a new password. The old one, second factors, sessions and tokens end at once;
   * from the server’s console the password of the last administrator stays until the link is used.
   * @throws WatchpostError `account.*`
   */
  async reset(by: ChangedBy, id: string): Promise<Changed> {
    try {
      return await this.#reset(by, id, noPassword);
    } catch (error) {
      const isLast = error instanceof WatchpostError && error.code === 'account.last_administrator';
      if (!isLast || by !== 'server console') throw error;
      return this.#reset(by, id, undefined);
    }
  }

  #reset(by: ChangedBy, id: string, password: string | undefined): Promise<Changed> {
    return this.#on(by, id, async (tx, { name, kind, isDisabled }) => {
      if (kind === 'service') throw new WatchpostError('account.service', { path: '/id' });
      if (isDisabled) throw new WatchpostError('account.disabled', { path: '/id' });
      const from = by === 'server console' ? null : by;
      await tx
        .updateTable('account')
        .set({ reset_by: from?.account ?? null, reset_by_name: from?.name ?? null })
        .set(password === undefined ? {} : { password })
        .where('id', '=', id)
        .execute();
      await deleteSessionsOf(tx, name);
      await deleteFactors(tx, id);
      await tx.deleteFrom('api_token').where('account', '=', id).execute();
      const link = await issueLink(tx, name, this.#options.nowMs());
      await this.#audit(tx, by, 'account_reset', { id, name });
      return link;
    });
  }

  /** Ends all sessions of an account. @throws WatchpostError `account.*` */
  endSessions(by: ChangedBy, id: string): Promise<Changed> {
    return this.#on(by, id, async (tx, { name }) => {
      const ended = await deleteSessionsOf(tx, name);
      await this.#audit(tx, by, 'sessions_ended', { id, name }, { sessions: ended.length });
      return null;
    });
  }

  /**
   * Removes an account: its name is free again, its id is not. Turns of theirs are vacant from now on, and
   * what has been of duty does not name them any more; how much there was stands in the audit log, which
   * keeps what it says.
   * @throws WatchpostError `account.*`
   */
  async remove(by: ChangedBy, id: string): Promise<void> {
    await this.#run(async (tx) => {
      const account = await requireChangeable(tx, by, id);
      await tx.deleteFrom('account').where('id', '=', id).execute();
      const leaver = { id, name: account.name, pseudonym: randomUUID() };
      const { rotas, shiftsPast, shiftsAhead, exceptions, handovers } = await eraseFromDuty(
        tx,
        leaver,
        this.#now(),
      );
      const erased = { rotas, shiftsPast, shiftsAhead, exceptions, handovers };
      await this.#audit(tx, by, 'account_deleted', account, erased);
    });
    await this.#options.dutyChanged?.();
  }

  #on(
    by: ChangedBy,
    id: string,
    work: (tx: Queryable, account: Account) => Promise<NewLink | null>,
  ): Promise<Changed> {
    return this.#run(async (tx) => {
      const link = await work(tx, await requireChangeable(tx, by, id));
      const account = await findAccountById(tx, id);
      if (!account) throw new WatchpostError('account.unknown', { path: '/id' });
      return { account, link };
    });
  }

  async #run<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    try {
      return await this.#options.db.transaction().execute(async (tx) => {
        await lockAccounts(tx);
        return work(tx);
      });
    } catch (error) {
      if (isLastAdministrator(error))
        throw new WatchpostError('account.last_administrator', { path: '/id', cause: error });
      throw error;
    }
  }

  #requireScopes(by: ChangedBy, scopes: readonly AccountScope[]): void {
    const { zonesOf } = this.#options;
    scopes.forEach(({ site, zones }, index) => {
      const path = `/scopes/${index}`;
      if (site === everySite && by !== 'server console' && !by.isOfEverySite)
        throw new WatchpostError('account.beyond_own', { path: `${path}/site` });
      if (site === everySite || !zonesOf) return;
      const known = zonesOf(site);
      if (!known) throw new WatchpostError('account.scope_unknown', { path: `${path}/site` });
      if (zones?.some((zone) => !known.has(zone)))
        throw new WatchpostError('account.scope_unknown', { path: `${path}/zones` });
    });
  }

  #audit(
    tx: Queryable,
    by: ChangedBy,
    action: AuditAction,
    { id, name }: Pick<Account, 'id' | 'name'>,
    details: AuditDetails = {},
  ): Promise<void> {
    return append(tx, {
      at: this.#now(),
      actor: by === 'server console' ? by : { account: by.account, name: by.name },
      site: null,
      action,
      subject: { kind: 'account', id },
      reason: null,
      outcome: 'done',
      details: { name, ...details },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/**
 * The account, if it is theirs to change. @throws WatchpostError `account.unknown`, `account.self`,
 *   `account.beyond_own`
 */
export async function requireChangeable(tx: Queryable, by: ChangedBy, id: string): Promise<Account> {
  const account = await findAccountById(tx, id);
  if (!account) throw new WatchpostError('account.unknown', { path: '/id' });
  if (by === 'server console') return account;
  if (by.account === id) throw new WatchpostError('account.self', { path: '/id' });
  if (account.roles[everySite] !== undefined && !by.isOfEverySite)
    throw new WatchpostError('account.beyond_own', { path: '/id' });
  return account;
}

/** An account after a change, and the link that was made for it. */
export interface Changed {
  readonly account: Account;
  readonly link: NewLink | null;
}

/** Scopes in words for the audit log: `north officer gate,hall`. */
const written = (scopes: readonly AccountScope[]): string[] =>
  scopes.map(({ site, role, zones }) =>
    [site, role, ...(zones ? [zones.join(',')] : [])].join(' ').slice(0, 1_000),
  );

async function requireAccount(tx: Queryable, name: string): Promise<Account> {
  const account = await findAccount(tx, name);
  if (!account) throw new WatchpostError('account.unknown', { path: '/name' });
  return account;
}
