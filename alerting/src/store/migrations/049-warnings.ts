import { type Kysely, sql } from 'kysely';

/** Public warnings that others send, and whom of them somebody accepted. */
export async function warnings(db: Kysely<unknown>): Promise<void> {
  await sql`create table warning_sender (
    site text not null,
    sender text not null,
    state text not null check (state in ('accepted', 'refused')),
    at timestamptz not null,
    primary key (site, sender)
  )`.execute(db);
  await sql`create table warning_message (
    site text not null,
    id uuid not null,
    sender text not null,
    identifier text not null,
    sent timestamptz not null,
    received_at timestamptz not null,
    state text not null,
    warning uuid not null,
    holds boolean not null default false,
    expires_at timestamptz not null,
    severity text not null,
    text text not null,
    area text not null,
    signed boolean not null,
    message jsonb not null,
    primary key (site, id),
    unique (site, sender, identifier)
  )`.execute(db);
  await sql`create index warning_holds on warning_message (site, expires_at) where holds`.execute(db);
  await sql`create index warning_newest on warning_message (site, received_at desc)`.execute(db);
}
