import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table plate (
    site text not null,
    id text not null,
    zone text not null,
    address text not null,
    name text not null,
    text text not null,
    issued_at timestamptz not null,
    issuer text not null,
    issuer_name text not null,
    retired_at timestamptz,
    retired_by text,
    retire_reason text,
    primary key (site, id)
  )`,
  sql`create index plate_issued on plate (site, issued_at desc, id desc)`,
  // Scans are events; few of all events are.
  sql`create index event_of_plate on event (site, (data ->> 'address'), time desc)
    where type = 'watchpost.address.scanned.v1'`,
];

/** Address plates of sites, and what finds their scans among the events. */
export async function plates(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
