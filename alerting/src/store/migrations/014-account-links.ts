import { type Kysely, sql } from 'kysely';

const links = sql`create table account_link (
  token_hash text primary key,
  account text references account (name) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
)`;

/**
 * Of administrators of every site who have a password, one stays. In the database, with a lock, so that it
 * holds for two who are removed at once, whoever removes them. Who sets the accounts from a configuration
 * says so in `watchpost.accounts`: it puts others in their place.
 */
const lastAdministrator = [
  sql`create function keep_an_administrator(leaving text) returns void language plpgsql as $$
    begin
      if current_setting('watchpost.accounts', true) = 'configured' then return; end if;
      perform pg_advisory_xact_lock(hashtextextended('watchpost.account', 0));
      if not exists (select from account join account_site on account_site.account = account.name
        where name <> leaving and site = '*' and role = 'admin' and password like 'argon2id$%') then
        raise exception 'the last administrator' using errcode = 'WP001';
      end if;
    end $$`,
  sql`create function account_leaves() returns trigger language plpgsql as $$
    begin
      if exists (select from account_site where account = old.name and site = '*' and role = 'admin') then
        perform keep_an_administrator(old.name);
      end if;
      return case when tg_op = 'DELETE' then old else new end;
    end $$`,
  // Before: its roles go with it.
  sql`create trigger account_keeps_an_administrator before delete on account for each row
    when (old.password like 'argon2id$%') execute function account_leaves()`,
  sql`create trigger account_change_keeps_an_administrator before update on account for each row
    when (old.password like 'argon2id$%' and new.password not like 'argon2id$%')
    execute function account_leaves()`,
  sql`create function account_role_leaves() returns trigger language plpgsql as $$
    begin
      if exists (select from account where name = old.account and password like 'argon2id$%') then
        perform keep_an_administrator(old.account);
      end if;
      return null;
    end $$`,
  sql`create trigger account_site_keeps_an_administrator after delete on account_site for each row
    when (old.site = '*' and old.role = 'admin') execute function account_role_leaves()`,
  sql`create trigger account_site_change_keeps_an_administrator after update on account_site for each row
    when (old.site = '*' and old.role = 'admin' and (new.site <> '*' or new.role <> 'admin'))
    execute function account_role_leaves()`,
];

/** People set their password by one-time links, and there is always an administrator once there was one. */
export async function accountLinks(db: Kysely<unknown>): Promise<void> {
  for (const statement of [links, ...lastAdministrator]) await statement.execute(db);
}
