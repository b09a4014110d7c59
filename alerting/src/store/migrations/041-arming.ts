import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table arming_area (
    site text not null,
    area text not null,
    version integer not null,
    phase text not null,
    state jsonb not null,
    primary key (site, area)
  )`,
  sql`create table arming_step (
    site text not null,
    id uuid not null,
    area text not null,
    version integer not null,
    at timestamptz not null,
    step text not null,
    phase text not null,
    mode text,
    by_name text,
    by_account text,
    devices jsonb not null,
    late_ms integer not null,
    primary key (site, id)
  )`,
  sql`create index arming_step_area on arming_step (site, area, at)`,
  sql`create table device_condition (
    site text not null,
    device text not null,
    kind text not null,
    active boolean not null,
    at timestamptz not null,
    received_at timestamptz not null,
    event jsonb not null,
    primary key (site, device, kind)
  )`,
  sql`create table arming_code (
    account uuid primary key references account (id) on delete cascade,
    code text not null,
    duress text,
    set_at timestamptz not null
  )`,
  // The name of somebody whose account is deleted goes with it.
  sql`create function forget_arming_names() returns trigger language plpgsql as $$
    begin
      update arming_step set by_name = '' where by_account = old.id::text;
      update arming_area set state = jsonb_set(state, '{by,name}', '""')
        where state -> 'by' ->> 'account' = old.id::text;
      update arming_area set state = jsonb_set(state, '{bypassed}', (
          select jsonb_agg(case when one ->> 'account' = old.id::text then one || '{"by": ""}'::jsonb else one end)
          from jsonb_array_elements(state -> 'bypassed') as one))
        where state -> 'bypassed' @> jsonb_build_array(jsonb_build_object('account', old.id::text));
      return null;
    end $$`,
  sql`create trigger account_arming_names after delete on account
    for each row execute function forget_arming_names()`,
];

/** How areas are armed, what devices of them said last, and the codes of people. */
export async function arming(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
