import { type Kysely, sql } from 'kysely';

/**
 * Two sites may each have a gateway, device or zone of one name. Everything that is unique is so within its
 * site.
 */
const keys = [
  sql`drop index event_of_device`,
  sql`create index event_of_device on event (site, device, time desc)`,
  sql`alter table alert drop constraint alert_pkey, add primary key (site, id)`,
  sql`alter table alert_change drop constraint alert_change_request_key, add unique (site, request)`,
  sql`drop index alert_change_step`,
  sql`create index alert_change_step on alert_change (site, alert, position) where to_state is not null`,
  // The newest so many of each site are kept.
  sql`create index reject_newest on reject (site, position)`,
];

/**
 * Builds the index anew, chunk by chunk. Older versions of TimescaleDB take no other key where something may
 * be compressed: there it is written out before, and compressed again by its policy.
 */
const eventKey = sql`do $$ begin
  alter table event drop constraint event_pkey;
  alter table event add primary key (site, gateway, epoch, seq, time);
exception when feature_not_supported then
  perform decompress_chunk(chunk, true) from show_chunks('event') as chunk;
  alter table event set (timescaledb.compress = false);
  alter table event drop constraint event_pkey;
  alter table event add primary key (site, gateway, epoch, seq, time);
  alter table event set (timescaledb.compress, timescaledb.compress_segmentby = 'site, gateway');
end $$`;

/** Who has which role where; `*` stands for every site, and a site that is named counts before it. */
const accounts = [
  sql`create table account_site (
    account text not null references account (name) on delete cascade,
    site text not null,
    role text not null,
    primary key (account, site)
  )`,
  sql`insert into account_site select name, '*', role from account`,
  sql`drop trigger account_change_ends_sessions on account`,
  sql`alter table account drop column role`,
  sql`create trigger account_change_ends_sessions after update on account for each row
    when (old.password is distinct from new.password) execute function end_sessions()`,
  sql`create function end_sessions_of_account() returns trigger language plpgsql as $$
    begin
      delete from session where account = coalesce(new.account, old.account);
      return null;
    end $$`,
  sql`create trigger account_site_comes_or_goes after insert or delete on account_site for each row
    execute function end_sessions_of_account()`,
  sql`create trigger account_site_changes after update on account_site for each row
    when (old.role is distinct from new.role or old.site is distinct from new.site)
    execute function end_sessions_of_account()`,
];

/** How long a site’s data is kept holds also for one that does not run any more. */
const retention = [sql`alter table site_clock add column kept_days jsonb`];

/** The site is in every key, and an account has a role on each of its sites. */
export async function sites(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...keys, eventKey, ...accounts, ...retention]) await statement.execute(db);
}
