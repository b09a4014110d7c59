import { randomBytes } from 'node:crypto';
import { type Role, roleSchema } from '@watchpost/contracts/api';
import type { Queryable } from './schema.ts';

/** An account; `password` is the derived form of `accounts/password.ts`, never the text. */
export interface Account {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

export async function findAccount(db: Queryable, name: string): Promise<Account | undefined> {
  const row = await db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst();
  return row && { name: row.name, role: roleSchema.parse(row.role), password: row.password };
}

/** Makes the account or changes its role and password. */
export async function saveAccount(db: Queryable, account: Account): Promise<void> {
  const { role, password } = account;
  await db
    .insertInto('account')
    .values(account)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ role, password }))
    .execute();
}

export async function accountNames(db: Queryable): Promise<readonly string[]> {
  return (await db.selectFrom('account').select('name').execute()).map(({ name }) => name);
}

/** Removes the account and, with it, its sessions. */
export async function deleteAccount(db: Queryable, name: string): Promise<void> {
  await db.deleteFrom('account').where('name', '=', name).execute();
}

export interface StoredSession {
  readonly account: string;
  readonly role: Role;
  readonly expires: string;
  readonly lastSeen: string;
}

/** Stores a session if the account still is as it was when its password was checked; says whether it did. */
export async function insertSession(
  db: Queryable,
  session: { tokenHash: string; account: Account; now: string; expires: string },
): Promise<boolean> {
  const { name, role, password } = session.account;
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
    .where('role', '=', role)
    .where('password', '=', password);
  const result = await db
    .insertInto('session')
    .columns(['token_hash', 'account', 'created_at', 'expires_at', 'last_seen_at'])
    .expression(unchanged)
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** The session of a token, with the role that the account has now. Expired ones do not exist. */
export async function findSession(
  db: Queryable,
  tokenHash: string,
  now: string,
): Promise<StoredSession | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.name', 'session.account')
    .select(['session.account', 'account.role', 'session.expires_at', 'session.last_seen_at'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
  return (
    row && {
      account: row.account,
      role: roleSchema.parse(row.role),
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

export async function deleteSession(db: Queryable, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
}

export async function deleteExpiredSessions(db: Queryable, now: string): Promise<void> {
  await db.deleteFrom('session').where('expires_at', '<=', new Date(now)).execute();
}

/** A random key of the server by its name, made when it is first asked for. 32 bytes. */
export async function serverKey(db: Queryable, name: string): Promise<Buffer> {
  const fresh = randomBytes(32).toString('base64url');
  await db
    .insertInto('server_key')
    .values({ name, value: fresh })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value } = await db
    .selectFrom('server_key')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return Buffer.from(value, 'base64url');
}
