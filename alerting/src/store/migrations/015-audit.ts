import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table audit (
    position bigint primary key check (position > 0),
    at timestamptz not null,
    site text,
    actor jsonb not null,
    action text not null,
    subject jsonb,
    reason text,
    outcome text not null check (outcome in ('done', 'refused')),
    details jsonb not null,
    previous text not null,
    hash text not null unique
  )`,
  sql`create index audit_of_site on audit (site, position)`,
  sql`create index audit_of_subject on audit ((subject ->> 'id'), position) where subject is not null`,
  sql`create index audit_of_actor on audit ((actor ->> 'name'), position)`,
  // What was closed: up to this position the entries are gone; the hash is that of the last of them.
  sql`create table audit_anchor (
    position bigint primary key,
    hash text not null,
    entries bigint not null,
    closed_at timestamptz not null
  )`,
  // Entries are only ever taken away whole, from the beginning, and by who says so: retention of other tables
  // does not reach this one.
  sql`create function keep_audit() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and current_setting('watchpost.audit', true) = 'closing' then return null; end if;
      raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
    end $$`,
  sql`create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function keep_audit()`,
  sql`create trigger audit_anchor_append_only before update or delete or truncate on audit_anchor
    for each statement execute function keep_audit()`,
];

/** A chained log of who did what. */
export async function audit(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
