import { type Kysely, sql } from 'kysely';

/** An id that is never used again, who it is, and who made it. Times of older rows: when they got here. */
const accounts = [
  sql`alter table account
    add column id uuid not null default gen_random_uuid(),
    add column kind text not null default 'person' check (kind in ('person', 'service')),
    add column display_name text,
    add column language text,
    add column created_at timestamptz not null default now(),
    add column last_used_at timestamptz,
    add column disabled_at timestamptz,
    add column invited_by uuid,
    add column invited_by_name text,
    add column reset_by uuid,
    add column reset_by_name text`,
  sql`alter table account add constraint account_id unique (id)`,
  // Whoever disables it, in the database: nothing that opens anything outlives it.
  sql`create function account_is_disabled() returns trigger language plpgsql as $$
    begin
      delete from session where account = new.name;
      delete from api_token where account = new.id;
      delete from account_link where account = new.name;
      return null;
    end $$`,
  sql`create trigger account_disabled after update on account for each row
    when (old.disabled_at is null and new.disabled_at is not null) execute function account_is_disabled()`,
];

/** Null: the whole site. Zones are of one site, so a scope on every site has none. */
const zones = [
  sql`alter table account_site
    add column zones text[] check (zones is null or (cardinality(zones) > 0 and site <> '*'))`,
  sql`drop trigger account_site_changes on account_site`,
  sql`create trigger account_site_changes after update on account_site for each row
    when (old.role is distinct from new.role or old.site is distinct from new.site
      or old.zones is distinct from new.zones)
    execute function end_sessions_of_account()`,
];

const sessions = [
  sql`alter table session
    add column id uuid not null default gen_random_uuid(),
    add column address_group text,
    add column browser_name text,
    add column browser_system text`,
  sql`alter table session add constraint session_id unique (id)`,
  sql`create index session_account on session (account)`,
];

const factors = [
  // Of every kind; what a kind needs stands in `secret`, sealed, and in `data`, which is no secret.
  sql`create table account_factor (
    id uuid primary key default gen_random_uuid(),
    account uuid not null references account (id) on delete cascade,
    kind text not null,
    label text not null,
    credential text unique,
    secret text,
    data jsonb not null default '{}',
    created_at timestamptz not null,
    confirmed_at timestamptz,
    last_used_at timestamptz,
    last_step bigint
  )`,
  sql`create index account_factor_account on account_factor (account)`,
  // Of a kind that is one code generator there is one, and one set-up at a time.
  sql`create unique index account_factor_totp on account_factor (account, (confirmed_at is null))
    where kind = 'totp'`,
  sql`create table account_recovery_code (
    account uuid not null references account (id) on delete cascade,
    code_hash text not null,
    primary key (account, code_hash)
  )`,
];

const tokens = [
  sql`create table api_token (
    id uuid primary key default gen_random_uuid(),
    account uuid not null references account (id) on delete cascade,
    token_hash text not null unique,
    name text not null,
    permissions text[] not null,
    sites jsonb,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    created_by uuid,
    created_by_name text
  )`,
  sql`create index api_token_account on api_token (account)`,
];

/** People with zones, second factors, and programs with tokens. */
export async function accountsOfPeople(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...accounts, ...zones, ...sessions, ...factors, ...tokens])
    await statement.execute(db);
}
