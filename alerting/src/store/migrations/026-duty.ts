import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table duty_rota (
    site text not null,
    id text not null,
    version integer not null,
    name text not null,
    zones jsonb,
    time_zone text not null,
    coverage text not null,
    holidays boolean not null,
    layers jsonb not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    primary key (site, id)
  )`,
  sql`create table duty_exception (
    site text not null,
    id text not null,
    rota text not null,
    kind text not null,
    state text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    parts jsonb not null,
    asked text,
    reason text not null,
    made_at timestamptz not null,
    made_by text not null,
    made_by_name text not null,
    ended_at timestamptz,
    ended_by text,
    primary key (site, id),
    foreign key (site, rota) references duty_rota (site, id) on delete cascade,
    check (from_at < until_at)
  )`,
  sql`create index duty_exception_rota on duty_exception (site, rota, until_at)`,
  sql`create index duty_exception_end on duty_exception (site, until_at)`,
  sql`create table duty_shift (
    site text not null,
    rota text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    person text not null,
    cause text not null,
    source text not null,
    primary key (site, rota, from_at),
    foreign key (site, rota) references duty_rota (site, id) on delete cascade,
    check (from_at < until_at)
  )`,
  sql`create index duty_shift_end on duty_shift (site, until_at)`,
  sql`create table duty_calendar (
    site text primary key,
    version integer not null default 1,
    base text not null,
    years jsonb not null,
    changed_at timestamptz not null
  )`,
];

/** Rotas, what takes their place for a time, the shifts that they make, and the holidays of a site. */
export async function duty(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
