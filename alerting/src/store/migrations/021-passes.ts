import { type Kysely, sql } from 'kysely';

const statements = [
  // The pass itself is not here: it is signed anew from this whenever it is shown.
  sql`create table pass (
    site text not null,
    id text not null,
    iss text not null,
    gates jsonb not null,
    zones jsonb not null,
    purpose text not null,
    reference text,
    address text,
    not_before timestamptz not null,
    not_after timestamptz not null,
    max_uses integer not null check (max_uses between 1 and 1000),
    uses integer not null default 0,
    over integer not null default 0,
    issued_at timestamptz not null,
    issuer text not null,
    issuer_name text not null,
    revoked_at timestamptz,
    revoked_by text,
    revoke_reason text,
    primary key (site, id)
  )`,
  sql`create index pass_issued on pass (site, issued_at desc, id desc)`,
  sql`create index pass_end on pass (site, not_after)`,
  sql`create table pass_link (
    token_hash text primary key,
    site text not null,
    pass text not null,
    made_at timestamptz not null,
    opened_at timestamptz,
    unique (site, pass),
    foreign key (site, pass) references pass (site, id) on delete cascade
  )`,
  // Of passes of other issuers too, which have no row above.
  sql`create table pass_use (
    site text not null,
    gateway text not null,
    id uuid not null,
    iss text not null,
    jti text not null,
    gate text not null,
    at timestamptz not null,
    received_at timestamptz not null,
    offline boolean not null,
    over boolean not null,
    proof bigint,
    pass_end timestamptz not null,
    primary key (site, gateway, id)
  )`,
  sql`create index pass_use_pass on pass_use (site, iss, jti, at)`,
  sql`create index pass_use_end on pass_use (site, pass_end)`,
];

/** Passes for visitors, the links to them, and the one count of their uses. */
export async function passes(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
