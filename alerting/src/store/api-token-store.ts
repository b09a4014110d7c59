import type { ApiToken, Permission } from '@watchpost/contracts/api';
import { type Selectable, sql } from 'kysely';
import { type Account, rightsOf, scopesColumn, toScopes } from './account-store.ts';
import type { Database, Queryable } from './schema.ts';

/** A token to be stored; times RFC 3339. */
export interface NewStoredToken {
  /** Id of the service account. */
  readonly account: string;
  readonly tokenHash: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly sites: ApiToken['sites'];
  readonly createdAt: string;
  readonly expires: string;
  readonly createdBy: { readonly account: string; readonly name: string };
}

/** A token as stored. */
export type StoredToken = Selectable<Database['api_token']>;

/** Stores a token and gives its row. */
export function insertToken(tx: Queryable, token: NewStoredToken): Promise<StoredToken> {
  const { account, tokenHash, name, permissions, sites, createdAt, expires, createdBy } = token;
  return tx
    .insertInto('api_token')
    .values({
      ...{ account, token_hash: tokenHash, name, permissions: [...permissions] },
      sites: sites === null ? null : JSON.stringify(sites),
      ...{ created_at: createdAt, expires_at: expires },
      ...{ created_by: createdBy.account, created_by_name: createdBy.name },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The tokens of an account, the first to end first. */
export function tokensOf(db: Queryable, account: string): Promise<StoredToken[]> {
  return db
    .selectFrom('api_token')
    .selectAll()
    .where('account', '=', account)
    .orderBy('expires_at')
    .orderBy('id')
    .execute();
}

/** Tokens of all accounts that end by `until`, RFC 3339, with the name of each account. */
export function tokensEndingBy(
  db: Queryable,
  until: string,
  limit: number,
): Promise<(StoredToken & { account_name: string })[]> {
  return db
    .selectFrom('api_token')
    .innerJoin('account', 'account.id', 'api_token.account')
    .selectAll('api_token')
    .select('account.name as account_name')
    .where('expires_at', '<=', new Date(until))
    .orderBy('expires_at')
    .orderBy('api_token.id')
    .limit(limit)
    .execute();
}

/** Removes a token of an account; undefined when it has none with this id. */
export function deleteToken(tx: Queryable, account: string, id: string): Promise<StoredToken | undefined> {
  return tx
    .deleteFrom('api_token')
    .where('account', '=', account)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

/** Forgets tokens that ended by `before`, RFC 3339. */
export async function deleteEndedTokens(db: Queryable, before: string): Promise<void> {
  await db.deleteFrom('api_token').where('expires_at', '<=', new Date(before)).execute();
}

/** A token that is good, with the account that it is of as that is now. */
export interface GoodToken extends Pick<StoredToken, 'id' | 'name' | 'permissions' | 'sites'> {
  readonly account: Pick<Account, 'id' | 'name' | 'displayName' | 'language' | 'roles' | 'zones'>;
  /** What its rights were made of: another one, and they are others. */
  readonly rights: string;
  readonly expires: string;
  readonly addressGroups: readonly string[];
}

const goodAt = (db: Queryable, now: string) =>
  db
    .selectFrom('api_token')
    .innerJoin('account', 'account.id', 'api_token.account')
    .where('account.kind', '=', 'service')
    .where('account.disabled_at', 'is', null)
    .where('expires_at', '>', new Date(now));

const rightsText = (scopes: unknown): string => JSON.stringify(scopes);

/** The token with this hash, if it is good at `now`, RFC 3339, and its account is let in. */
export async function findGoodToken(
  db: Queryable,
  hash: string,
  now: string,
): Promise<GoodToken | undefined> {
  const row = await goodAt(db, now)
    .select(['api_token.id', 'api_token.name', 'permissions', 'sites', 'expires_at', 'address_groups'])
    .select(['account.id as account', 'account.name as account_name', 'display_name', 'language'])
    .select(scopesColumn('account.name').as('scopes'))
    .where('token_hash', '=', hash)
    .executeTakeFirst();
  if (!row) return undefined;
  const { id, name, permissions, sites } = row;
  return {
    ...{ id, name, permissions, sites },
    account: {
      ...{ id: row.account, name: row.account_name },
      ...{ displayName: row.display_name, language: row.language },
      ...rightsOf(toScopes(row.scopes)),
    },
    rights: rightsText(row.scopes),
    expires: row.expires_at.toISOString(),
    addressGroups: row.address_groups,
  };
}

/** Of these hashes those that are good, with what {@link GoodToken.rights} of each is now. */
export async function rightsOfGoodTokens(
  db: Queryable,
  hashes: readonly string[],
  now: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await goodAt(db, now)
    .select('token_hash')
    .select(scopesColumn('account.name').as('scopes'))
    .where('token_hash', 'in', hashes)
    .execute();
  return new Map(rows.map(({ token_hash, scopes }) => [token_hash, rightsText(scopes)]));
}

/** Notes that these tokens, and their accounts, were in use at `now`, RFC 3339. */
export async function touchTokens(db: Queryable, hashes: readonly string[], now: string): Promise<void> {
  await sql`with used as (
      update api_token set last_used_at = ${now}::timestamptz
      where token_hash = any(${sql.val([...hashes])}::text[]) returning account
    ) update account set last_used_at = ${now}::timestamptz where id in (select account from used)`.execute(
    db,
  );
}

/** Adds an address group to those of a token; false when it is among them already. Oldest ones go first. */
export async function addAddressGroup(
  tx: Queryable,
  id: string,
  group: string,
  atMost: number,
): Promise<boolean> {
  const result = await tx
    .updateTable('api_token')
    .set({
      address_groups: sql<string[]>`(array_append(address_groups, ${group}::text))[
        greatest(1, cardinality(address_groups) + 2 - ${atMost}::integer):]`,
    })
    .where('id', '=', id)
    .where(sql<boolean>`not (${group}::text = any(address_groups))`)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}
