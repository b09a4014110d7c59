import { type Account, rightsOf, scopesColumn, toScopes } from './account-store.ts';
import { hasFactorColumn } from './factor-store.ts';
import type { Queryable } from './schema.ts';

/** Where a session was opened. */
export interface SessionOrigin {
  readonly addressGroup: string | null;
  readonly browserName: string | null;
  readonly browserSystem: string | null;
}

/** The account of a session as it is now. */
export type SessionAccount = Pick<Account, 'id' | 'name' | 'displayName' | 'language' | 'roles' | 'zones'> & {
  /** Whether a second factor is set up. */
  readonly hasFactor: boolean;
};

/** A session as stored; times RFC 3339. */
export interface StoredSession {
  /** Names it to people; opens nothing. */
  readonly id: string;
  readonly account: SessionAccount;
  readonly expires: string;
  readonly lastSeen: string;
}

/**
 * Stores a session if the account still has the password that was checked and is not disabled; gives its id
 * then. Its rights are read with each use.
 */
export async function insertSession(
  db: Queryable,
  session: {
    readonly tokenHash: string;
    readonly account: Pick<Account, 'name' | 'password'>;
    readonly now: string;
    readonly expires: string;
    readonly origin?: SessionOrigin | undefined;
  },
): Promise<string | undefined> {
  const { name, password } = session.account;
  const { addressGroup = null, browserName = null, browserSystem = null } = session.origin ?? {};
  const unchanged = db
    .selectFrom('account')
    .select(({ val, cast }) => [
      cast<string>(val(session.tokenHash), 'text').as('token_hash'),
      'account.name',
      cast<Date>(val(session.now), 'timestamptz').as('created_at'),
      cast<Date>(val(session.expires), 'timestamptz').as('expires_at'),
      cast<Date>(val(session.now), 'timestamptz').as('last_seen_at'),
      cast<string | null>(val(addressGroup), 'text').as('address_group'),
      cast<string | null>(val(browserName), 'text').as('browser_name'),
      cast<string | null>(val(browserSystem), 'text').as('browser_system'),
    ])
    .where('name', '=', name)
    .where('password', '=', password)
    .where('disabled_at', 'is', null);
  const row = await db
    .insertInto('session')
    .columns([
      ...(['token_hash', 'account', 'created_at', 'expires_at', 'last_seen_at'] as const),
      ...(['address_group', 'browser_name', 'browser_system'] as const),
    ])
    .expression(unchanged)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** The session of a token, with the rights that the account has now. Expired ones do not exist. */
export async function findSession(
  db: Queryable,
  tokenHash: string,
  now: string,
): Promise<StoredSession | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.name', 'session.account')
    .select(['session.id as session', 'session.expires_at', 'session.last_seen_at'])
    .select(['account.id', 'account.name', 'account.display_name', 'account.language'])
    .select([scopesColumn('session.account').as('scopes'), hasFactorColumn.as('has_factor')])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
  return (
    row && {
      id: row.session,
      account: {
        ...{ id: row.id, name: row.name, language: row.language },
        displayName: row.display_name,
        hasFactor: row.has_factor,
        ...rightsOf(toScopes(row.scopes)),
      },
      expires: row.expires_at.toISOString(),
      lastSeen: row.last_seen_at.toISOString(),
    }
  );
}

/** Which of these sessions exist now. */
export async function liveSessions(
  db: Queryable,
  tokenHashes: readonly string[],
  now: string,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('session')
    .select('token_hash')
    .where('token_hash', 'in', tokenHashes)
    .where('expires_at', '>', new Date(now))
    .execute();
  return rows.map(({ token_hash }) => token_hash);
}

/** Notes that the sessions were in use now. */
export async function touchSessions(
  db: Queryable,
  tokenHashes: readonly string[],
  now: string,
): Promise<void> {
  await db.updateTable('session').set({ last_seen_at: now }).where('token_hash', 'in', tokenHashes).execute();
}

/** Ends a session, and says whether there was one. */
export async function deleteSession(db: Queryable, tokenHash: string): Promise<boolean> {
  const gone = await db.deleteFrom('session').where('token_hash', '=', tokenHash).executeTakeFirst();
  return Number(gone.numDeletedRows) > 0;
}

/** Deletes sessions that ended by `now`, RFC 3339. */
export async function deleteExpiredSessions(db: Queryable, now: string): Promise<void> {
  await db.deleteFrom('session').where('expires_at', '<=', new Date(now)).execute();
}

/** An open session as its owner sees it; times RFC 3339. */
export interface ListedSession extends SessionOrigin {
  readonly id: string;
  readonly tokenHash: string;
  readonly createdAt: string;
  readonly lastSeen: string;
  readonly expires: string;
}

/** The open sessions of an account, last used first. */
export async function sessionsOf(db: Queryable, account: string, now: string): Promise<ListedSession[]> {
  const rows = await db
    .selectFrom('session')
    .selectAll()
    .where('account', '=', account)
    .where('expires_at', '>', new Date(now))
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    tokenHash: row.token_hash,
    createdAt: row.created_at.toISOString(),
    lastSeen: row.last_seen_at.toISOString(),
    expires: row.expires_at.toISOString(),
    addressGroup: row.address_group,
    browserName: row.browser_name,
    browserSystem: row.browser_system,
  }));
}

/** Ends sessions of an account: one by its id, or all but the one with a hash. Gives the hashes of those. */
export async function deleteSessionsOf(
  db: Queryable,
  account: string,
  which: { readonly id?: string; readonly but?: string } = {},
): Promise<string[]> {
  let query = db.deleteFrom('session').where('account', '=', account);
  if (which.id !== undefined) query = query.where('id', '=', which.id);
  if (which.but !== undefined) query = query.where('token_hash', '<>', which.but);
  return (await query.returning('token_hash').execute()).map(({ token_hash }) => token_hash);
}
