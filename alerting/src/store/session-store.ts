import { type Account, rolesColumn, type SiteRoles, toSiteRoles } from './account-store.ts';
import type { Queryable } from './schema.ts';

/** A session as stored; times RFC 3339. */
export interface StoredSession {
  readonly account: string;
  readonly roles: SiteRoles;
  readonly expires: string;
  readonly lastSeen: string;
}

/**
 * Stores a session if the account still has the password that was checked; says whether it did. Its roles are
 * read with each use.
 */
export async function insertSession(
  db: Queryable,
  session: { tokenHash: string; account: Account; now: string; expires: string },
): Promise<boolean> {
  const { name, password } = session.account;
  const unchanged = db
    .selectFrom('account')
    .select(({ val, cast }) => [
      cast<string>(val(session.tokenHash), 'text').as('token_hash'),
      'account.name',
      cast<Date>(val(session.now), 'timestamptz').as('created_at'),
      cast<Date>(val(session.expires), 'timestamptz').as('expires_at'),
      cast<Date>(val(session.now), 'timestamptz').as('last_seen_at'),
    ])
    .where('name', '=', name)
    .where('password', '=', password);
  const result = await db
    .insertInto('session')
    .columns(['token_hash', 'account', 'created_at', 'expires_at', 'last_seen_at'])
    .expression(unchanged)
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** The session of a token, with the roles that the account has now. Expired ones do not exist. */
export async function findSession(
  db: Queryable,
  tokenHash: string,
  now: string,
): Promise<StoredSession | undefined> {
  const row = await db
    .selectFrom('session')
    .select([
      'session.account',
      'session.expires_at',
      'session.last_seen_at',
      rolesColumn('session.account').as('roles'),
    ])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
  return (
    row && {
      account: row.account,
      roles: toSiteRoles(row.roles),
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

/** Ends a session. Harmless when there is none. */
export async function deleteSession(db: Queryable, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
}

/** Deletes sessions that ended by `now`, RFC 3339. */
export async function deleteExpiredSessions(db: Queryable, now: string): Promise<void> {
  await db.deleteFrom('session').where('expires_at', '<=', new Date(now)).execute();
}
