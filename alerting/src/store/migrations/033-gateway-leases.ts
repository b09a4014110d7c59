import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table alerting_service (
    name text primary key,
    id uuid not null,
    until timestamptz not null
  )`,
  sql`create table gateway_lease (
    site text not null,
    gateway text not null,
    holder uuid,
    fence bigint not null default 0,
    until timestamptz not null,
    primary key (site, gateway)
  )`,
];

/** Several services share the gateways of a database. */
export async function gatewayLeases(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
