import { randomBytes } from 'node:crypto';
import type {
  Account as AccountShown,
  ApiToken,
  ApiTokenList,
  AuditAction,
  AuditDetails,
  apiTokenRequestSchema,
  DueApiTokens,
  NewApiToken,
  Session,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { z } from 'zod';
import { append } from '../governance/audit-log.ts';
import { lockAccounts } from '../store/account-link-store.ts';
import { type Account, findAccountById } from '../store/account-store.ts';
import {
  deleteToken,
  insertToken,
  type StoredToken,
  tokensEndingBy,
  tokensOf,
} from '../store/api-token-store.ts';
import type { Queryable } from '../store/schema.ts';
import { describeSession } from './describe-session.ts';
import { type ChangedBy, requireChangeable } from './people.ts';
import { apiTokenPolicy, type TokenLife } from './policy.ts';
import { hashOfToken } from './sessions.ts';
import { beyondOf, sessionOfToken } from './token-reach.ts';

/** What {@link ApiTokens} needs. */
export interface ApiTokenOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /** All that run here. */
  readonly sites: readonly Session['sites'][number]['site'][];
  readonly life: TokenLife;
  /** Is told the hash of a token that ends now. */
  readonly ended: (tokenHash: string) => void;
  /** Zones of a site, undefined where there is no such site. */
  readonly zonesOf: (site: string) => ReadonlySet<string> | undefined;
}

/** Who makes and revokes tokens. */
export interface Maker {
  readonly by: Exclude<ChangedBy, 'server console'>;
  readonly session: Session;
}

const dayMs = 86_400_000;

/**
 * API tokens of service accounts: made, listed, revoked. The database knows only their hashes. Each change is
 * one transaction with its entry in the audit log.
 */
export class ApiTokens {
  readonly #options: ApiTokenOptions;

  constructor(options: ApiTokenOptions) {
    this.#options = options;
  }

  /**
   * A new token, with its secret this once.
   * @throws WatchpostError `account.token_beyond`, `account.token_limit`, `account.no_service`,
   *   `account.scope_unknown` and those of changing an account
   */
  async make(
    { by, session }: Maker,
    id: string,
    { name, permissions, sites, expires }: z.output<typeof apiTokenRequestSchema>,
  ): Promise<NewApiToken> {
    const { db, nowMs, sites: all } = this.#options;
    this.#requireLife(expires);
    this.#requireKnown(sites);
    const secret = `wpt_${randomBytes(32).toString('base64url')}`;
    return db.transaction().execute(async (tx) => {
      await lockAccounts(tx);
      const account = await this.#serviceAccount(tx, by, id);
      const own = describeSession({ ...account, hasFactor: true }, all, expires);
      const beyond = beyondOf(
        { permissions, sites },
        { account: own, maker: session, siteCount: all.length },
      );
      if (beyond !== undefined) throw new WatchpostError('account.token_beyond', { path: beyond });
      if ((await tokensOf(tx, id)).length >= apiTokenPolicy.perAccount)
        throw new WatchpostError('account.token_limit', { details: { most: apiTokenPolicy.perAccount } });
      const stored = await insertToken(tx, {
        ...{ account: id, tokenHash: hashOfToken(secret), name, permissions, sites, expires },
        createdAt: new Date(nowMs()).toISOString(),
        createdBy: by,
      });
      // Whoever saw the newest secret could be this program: they are no second person beside it.
      await tx
        .updateTable('account')
        .set({ reset_by: by.account, reset_by_name: by.name })
        .where('id', '=', id)
        .execute();
      await this.#audit(tx, by, 'token_made', stored, {
        ...{ account: account.name, token: name, permissions, expires },
        sites: (sites ?? []).map(({ site, zones }) => [site, ...(zones ? [zones.join(',')] : [])].join(' ')),
      });
      return { token: this.#shown(stored), secret };
    });
  }

  /** The tokens of a service account. @throws WatchpostError `account.unknown`, `account.no_service` */
  async list(id: string): Promise<ApiTokenList> {
    const { db, life, sites } = this.#options;
    const account = await findAccountById(db, id);
    if (!account) throw new WatchpostError('account.unknown', { path: '/id' });
    requireService(account);
    const tokens = (await tokensOf(db, id)).map((stored) => this.#shown(stored));
    const own = describeSession({ ...account, hasFactor: true }, sites, '');
    const all = { permissions: own.permissions, sites: null };
    const { permissions } = sessionOfToken(own, all, sites.length);
    return { tokens, permissions, mostDays: life.longestMs / dayMs };
  }

  /** Ends a token at once. @throws WatchpostError `api.not_found` and those of changing an account */
  async revoke(by: Maker['by'], id: string, token: string): Promise<void> {
    const { db, ended } = this.#options;
    const { token_hash } = await db.transaction().execute(async (tx) => {
      await lockAccounts(tx);
      const account = await this.#serviceAccount(tx, by, id);
      const stored = await deleteToken(tx, id, token);
      if (!stored) throw new WatchpostError('api.not_found', { path: '/token' });
      await this.#audit(tx, by, 'token_revoked', stored, { account: account.name, token: stored.name });
      return stored;
    });
    ended(token_hash);
  }

  /** Tokens of all accounts that end soon or have ended. */
  async due(): Promise<DueApiTokens> {
    const { db, nowMs, life } = this.#options;
    const until = new Date(nowMs() + life.noticeMs).toISOString();
    const rows = await tokensEndingBy(db, until, apiTokenPolicy.listedAtMost);
    return {
      tokens: rows.map((stored) => ({
        account: { id: stored.account, name: stored.account_name },
        token: this.#shown(stored),
      })),
    };
  }

  async #serviceAccount(tx: Queryable, by: Maker['by'], id: string): Promise<Account> {
    const account = await requireChangeable(tx, by, id);
    requireService(account);
    if (account.isDisabled) throw new WatchpostError('account.disabled', { path: '/id' });
    return account;
  }

  #requireLife(expires: string): void {
    const { nowMs, life } = this.#options;
    const lifeMs = Date.parse(expires) - nowMs();
    if (lifeMs > 0 && lifeMs <= life.longestMs) return;
    const details = { mostDays: life.longestMs / dayMs };
    throw new WatchpostError('account.token_beyond', { path: '/expires', details });
  }

  #requireKnown(sites: ApiToken['sites']): void {
    sites?.forEach(({ site, zones }, index) => {
      const known = this.#options.zonesOf(site);
      if (known && zones?.some((zone) => !known.has(zone)))
        throw new WatchpostError('account.scope_unknown', { path: `/sites/${index}/zones` });
    });
  }

  #shown(stored: StoredToken): ApiToken {
    const { nowMs, life } = this.#options;
    const leftMs = stored.expires_at.getTime() - nowMs();
    const { created_by: by, created_by_name: byName } = stored;
    return {
      ...{ id: stored.id, name: stored.name, permissions: stored.permissions, sites: stored.sites },
      createdAt: stored.created_at.toISOString(),
      expires: stored.expires_at.toISOString(),
      state: leftMs <= 0 ? 'ended' : leftMs <= life.noticeMs ? 'soon' : 'good',
      lastUsed: stored.last_used_at?.toISOString() ?? null,
      createdBy: by === null ? null : { id: by, name: byName ?? '' },
    };
  }

  #audit(
    tx: Queryable,
    { account, name }: Maker['by'],
    action: AuditAction,
    { id }: StoredToken,
    details: AuditDetails,
  ): Promise<void> {
    return append(tx, {
      at: new Date(this.#options.nowMs()).toISOString(),
      actor: { account, name },
      site: null,
      action,
      subject: { kind: 'token', id },
      reason: null,
      outcome: 'done',
      details,
    });
  }
}

function requireService({ kind }: { readonly kind: AccountShown['kind'] }): void {
  if (kind !== 'service') throw new WatchpostError('account.no_service', { path: '/id' });
}
