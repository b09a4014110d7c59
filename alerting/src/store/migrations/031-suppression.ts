import { type Kysely, sql } from 'kysely';

const statements = [
  // What holds stands with the alert, so that whoever reads it knows; what held stands in a table of its own.
  sql`alter table alert add column suppressed jsonb`,
  sql`create table suppression (
    site text not null,
    alert uuid not null,
    kind text not null,
    ref text not null,
    since_at timestamptz not null,
    until_at timestamptz,
    ended_at timestamptz,
    ended_by text,
    primary key (site, alert, kind, ref),
    foreign key (site, alert) references alert (site, id) on delete cascade,
    check ((ended_at is null) = (ended_by is null))
  )`,
  sql`create index suppression_ref on suppression (site, ref, since_at)`,
];

/** Why nobody is told of an alert. */
export async function suppression(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
