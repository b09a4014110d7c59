import { type Account, findAccountById } from './account-store.ts';
import type { Queryable } from './schema.ts';

/** Whom a provider means: the subject is its own, and never used again. */
export interface ProviderIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** The account that is bound to an identity. */
export async function accountOfIdentity(
  db: Queryable,
  { issuer, subject }: ProviderIdentity,
): Promise<Account | undefined> {
  const row = await db
    .selectFrom('account_identity')
    .select('account')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row && findAccountById(db, row.account);
}

/** Binds an identity to an account, by its id. */
export async function bindIdentity(
  tx: Queryable,
  { issuer, subject }: ProviderIdentity,
  account: string,
  now: string,
): Promise<void> {
  await tx.insertInto('account_identity').values({ issuer, subject, account, created_at: now }).execute();
}
