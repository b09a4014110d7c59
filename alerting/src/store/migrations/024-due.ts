import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table due (
    site text not null,
    kind text not null,
    key text not null,
    at timestamptz not null,
    version integer not null,
    payload jsonb not null,
    wait_ms bigint,
    attempts integer not null default 0,
    fence bigint not null default 0,
    primary key (site, kind, key)
  )`,
  sql`create index due_next on due (site, kind, at)`,
  // What was in memory before this table is written anew by the first service that runs the site.
  sql`insert into due (site, kind, key, at, version, payload)
    select distinct site, 'alert.rebuild', '', timestamptz '1970-01-01T00:00:00Z', 0, '{}'::jsonb from alert`,
];

/** Work that has its time is in the database. */
export async function due(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
