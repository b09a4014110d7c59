import { type Kysely, sql } from 'kysely';

/** When the cause of an alert came and went, of the last minutes. */
export async function flapping(db: Kysely<unknown>): Promise<void> {
  await sql`create table condition_change (
    site text not null,
    alert uuid not null,
    version integer not null,
    at timestamptz not null,
    primary key (site, alert, version),
    foreign key (site, alert) references alert (site, id) on delete cascade
  )`.execute(db);
}
