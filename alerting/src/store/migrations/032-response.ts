import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table department (
    site text not null,
    id uuid not null,
    version integer not null,
    kind text not null,
    name text not null,
    zones jsonb,
    concerns jsonb,
    receiver uuid,
    dispatchers jsonb not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    primary key (site, id)
  )`,
  sql`create unique index department_name on department (site, name) where ended_at is null`,
  sql`create table response_unit (
    site text not null,
    id uuid not null,
    department uuid not null,
    version integer not null,
    name text not null,
    duty text not null,
    members jsonb not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    primary key (site, id),
    foreign key (site, department) references department (site, id) on delete cascade
  )`,
  sql`create unique index response_unit_name on response_unit (site, department, name) where ended_at is null`,
  // The subject is an incident, which is forgotten by its own days.
  sql`create table response_offer (
    site text not null,
    id uuid not null,
    version integer not null,
    subject uuid not null,
    department uuid not null,
    note text not null,
    offered_at timestamptz not null,
    offered_by text not null,
    offered_by_name text not null,
    acknowledged_at timestamptz,
    acknowledged_by_name text,
    ended_at timestamptz,
    ended_by_name text,
    end_reason text,
    primary key (site, id),
    foreign key (site, department) references department (site, id) on delete cascade
  )`,
  sql`create unique index response_offer_open on response_offer (site, subject, department) where ended_at is null`,
  sql`create index response_offer_department on response_offer (site, department, offered_at)`,
  sql`create table response_task (
    site text not null,
    id uuid not null,
    version integer not null,
    offer uuid not null,
    unit uuid not null,
    state text not null,
    since timestamptz not null,
    offered_at timestamptz not null,
    offered_by_name text not null,
    primary key (site, id),
    foreign key (site, offer) references response_offer (site, id) on delete cascade,
    foreign key (site, unit) references response_unit (site, id) on delete cascade
  )`,
  sql`create unique index response_task_open on response_task (site, offer, unit)
    where state not in ('done', 'declined', 'recalled')`,
  sql`create index response_task_unit on response_task (site, unit, since)`,
  sql`create table response_step (
    site text not null,
    task uuid not null,
    version integer not null,
    at timestamptz not null,
    from_state text,
    to_state text not null,
    by_name text not null,
    reason text,
    request uuid not null,
    primary key (site, task, version),
    unique (site, request),
    foreign key (site, task) references response_task (site, id) on delete cascade
  )`,
  // One row for each person, never a track; unlogged, so that it is neither in a write-ahead log nor in a
  // replica.
  sql`create unlogged table officer_position (
    site text not null,
    account uuid not null references account (id) on delete cascade,
    consented_at timestamptz not null,
    latitude double precision,
    longitude double precision,
    accuracy_m double precision,
    received_at timestamptz,
    primary key (site, account)
  )`,
];

/** Departments, their units, what is offered to them, their tasks, and where officers are now. */
export async function response(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
