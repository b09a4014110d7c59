import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** A one-time link as stored. */
export interface StoredLink {
  /** SHA-256 of its secret, hexadecimal. */
  readonly tokenHash: string;
  /** Whose password it sets; null: it makes the first administrator. */
  readonly account: string | null;
  /** RFC 3339. */
  readonly expires: string;
}

/** Changes of accounts that depend on each other take turns until the end of the transaction. */
export async function lockAccounts(tx: Queryable): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('watchpost.account', 0))`.execute(tx);
}

/** Stores a link; one that is there already stays as it is. `now` is RFC 3339. */
export async function insertLink(db: Queryable, link: StoredLink, now: string): Promise<void> {
  const { tokenHash: token_hash, account, expires: expires_at } = link;
  await db
    .insertInto('account_link')
    .values({ token_hash, account, created_at: now, expires_at })
    .onConflict((conflict) => conflict.column('token_hash').doNothing())
    .execute();
}

/** The link with this hash. Expired ones do not exist. */
export async function findLink(
  db: Queryable,
  tokenHash: string,
  now: string,
): Promise<StoredLink | undefined> {
  const row = await db
    .selectFrom('account_link')
    .select(['account', 'expires_at'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
  return row && { tokenHash, account: row.account, expires: row.expires_at.toISOString() };
}

/** Takes a link away and says whose it was: of two who come at once, one gets it. */
export async function takeLink(
  db: Queryable,
  tokenHash: string,
  now: string,
): Promise<Pick<StoredLink, 'account'> | undefined> {
  return db
    .deleteFrom('account_link')
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', new Date(now))
    .returning('account')
    .executeTakeFirst();
}

/** Takes the links of an account away, but for the newest `but`; null: those for the first administrator. */
export async function deleteLinks(db: Queryable, account: string | null, but = 0): Promise<void> {
  await db
    .deleteFrom('account_link')
    .where('token_hash', 'in', (inner) =>
      inner
        .selectFrom('account_link')
        .select('token_hash')
        .where('account', account === null ? 'is' : '=', account)
        .orderBy('created_at', 'desc')
        .orderBy('token_hash')
        .offset(but)
        .limit(1_000),
    )
    .execute();
}

/** Takes away links that ended by `now`, RFC 3339. */
export async function deleteExpiredLinks(db: Queryable, now: string): Promise<void> {
  await db.deleteFrom('account_link').where('expires_at', '<=', new Date(now)).execute();
}
