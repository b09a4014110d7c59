import { type Kysely, sql } from 'kysely';

const statements = [
  sql`alter table incident add column changed_in integer not null default 1`,
  sql`create table incident_note (
    site text not null,
    id uuid not null,
    incident uuid not null,
    at timestamptz not null,
    what text not null check (what in ('comment', 'merged', 'split')),
    actor text not null,
    text text,
    other uuid,
    alerts integer not null default 0,
    primary key (site, id),
    foreign key (site, incident) references incident (site, id) on delete cascade
  )`,
  sql`create index incident_notes on incident_note (site, incident, at)`,
  // Those whose alerts went into another one: who was told of them is told of its end.
  sql`create index incident_merged on incident (site, merged_into) where merged_into is not null`,
];

/** What people do with incidents as a whole. */
export async function incidentNotes(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
