import { type Kysely, sql } from 'kysely';

const statements = [
  sql`alter table session add column last_seen_at timestamptz not null default now()`,
  sql`create table server_key (name text primary key, value text not null)`,
  // In the database, so that it holds whoever changes an account.
  sql`create function end_sessions() returns trigger language plpgsql as $$
    begin delete from session where account = old.name; return null; end $$`,
  sql`create trigger account_change_ends_sessions after update on account for each row
    when (old.password is distinct from new.password or old.role is distinct from new.role)
    execute function end_sessions()`,
];

/** Sessions know when they were used last, and end with a change of their account. */
export async function doors(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
