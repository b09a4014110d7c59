import { type Kysely, sql } from 'kysely';

/** Whom an identity provider means: an account is bound to issuer and subject, never to a name. */
export async function accountIdentities(db: Kysely<unknown>): Promise<void> {
  await sql`create table account_identity (
    issuer text not null,
    subject text not null,
    account uuid not null references account (id) on delete cascade,
    created_at timestamptz not null,
    primary key (issuer, subject)
  )`.execute(db);
  await sql`create index account_identity_account on account_identity (account)`.execute(db);
}
