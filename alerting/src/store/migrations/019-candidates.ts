import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table candidate_count (
    site text not null,
    device text not null,
    list text not null,
    band text not null,
    day date not null,
    shown integer not null,
    confirmed integer not null,
    refused integer not null,
    primary key (site, device, list, band, day)
  ) with (fillfactor = 70)`,
  sql`create table candidate_expected (
    site text not null,
    device text not null,
    list text not null,
    day date not null,
    false_candidates double precision not null,
    seconds integer not null,
    primary key (site, device, list, day)
  ) with (fillfactor = 70)`,
  // Those of whom it is still known for whom they were taken.
  sql`create index alert_refused on alert (site, id)
    where event_type = 'watchpost.face.candidate.v1' and state = 'closed'
      and disposition in ('false', 'nuisance') and details ? 'entry'`,
  // What a refused candidate leaves is cut out of snapshots; else nobody changes history.
  sql`create or replace function refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and current_setting('watchpost.retention', true) = 'on' then return null; end if;
      if tg_op = 'UPDATE' and tg_table_name = 'alert_change'
        and current_setting('watchpost.forgetting', true) = 'on' then return null; end if;
      raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
    end $$`,
];

/** Counts of face candidates and their answers, and how a refused one is forgotten. */
export async function candidates(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
