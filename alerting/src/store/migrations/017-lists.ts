import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table list_entry (
    site text not null,
    id text not null,
    version integer not null,
    list text not null check (list in ('watch', 'access')),
    state text not null
      check (state in ('draft', 'proposed', 'active', 'withdrawn', 'expired', 'erased')),
    label text not null,
    legal_basis text not null,
    authority text not null,
    purpose text not null,
    reason text not null,
    instruction text not null,
    area jsonb not null,
    expires timestamptz not null,
    review timestamptz not null,
    photos integer not null default 0,
    author text not null,
    author_name text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    activated_at timestamptz,
    ended_at timestamptz,
    erased_at timestamptz,
    removed_at timestamptz,
    primary key (site, id)
  )`,
  sql`create index list_entry_state on list_entry (site, state, expires)`,
  // By account, not by name: a person who is called otherwise now is the same one.
  sql`create table list_approval (
    site text not null,
    entry text not null,
    account text not null,
    name text not null,
    at timestamptz not null,
    primary key (site, entry, account),
    foreign key (site, entry) references list_entry (site, id) on delete cascade
  )`,
  // What happened to entries, without what stands in them: that goes when an entry is erased.
  sql`create table list_change (
    site text not null,
    entry text not null,
    version integer not null,
    at timestamptz not null,
    actor jsonb not null,
    what text not null,
    from_state text,
    to_state text not null,
    primary key (site, entry, version)
  )`,
  sql`create trigger list_change_append_only before update or delete or truncate on list_change
    for each statement execute function refuse_change()`,
];

/** Entries of the watch and access lists, who signed them, and what happened to them. */
export async function lists(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
