import type { Role } from '@watchpost/contracts';
import { roleSchema } from '@watchpost/contracts';
import type { Queryable } from './schema.ts';

/** An account; `password` is the derived form of domain-independent `http/password.ts`, never the text. */
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

export interface StoredSession {
  readonly account: string;
  readonly role: Role;
  readonly expires: string;
}

export async function insertSession(
  db: Queryable,
  session: { tokenHash: string; account: string; now: string; expires: string },
): Promise<void> {
  await db
    .insertInto('session')
    .values({
      token_hash: session.tokenHash,
      account: session.account,
      created_at: session.now,
      expires_at: session.expires,
    })
    .execute();
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
    .select(['session.account', 'account.role', 'session.expires_at'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
  return (
    row && { account: row.account, role: roleSchema.parse(row.role), expires: row.expires_at.toISOString() }
  );
}

export async function deleteSession(db: Queryable, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
}

export async function deleteExpiredSessions(db: Queryable, now: string): Promise<void> {
  await db.deleteFrom('session').where('expires_at', '<=', new Date(now)).execute();
}
