import { type Kysely, sql } from 'kysely';

const events = sql`
create table event (
  time timestamptz not null,
  received_at timestamptz not null,
  id uuid not null,
  site text not null,
  gateway text not null,
  epoch text not null,
  seq bigint not null,
  device text not null,
  zone text not null,
  type text not null,
  concern text not null,
  data jsonb not null,
  risk double precision not null check (risk between 0 and 100),
  risk_factors jsonb not null,
  rule_set text not null,
  late boolean not null,
  alert uuid,
  traceparent text,
  primary key (gateway, epoch, seq, time)
)`;

const telemetry = sql`
create table telemetry (
  time timestamptz not null,
  site text not null,
  gateway text not null,
  device text not null,
  metric text not null,
  unit text,
  value double precision not null,
  primary key (device, metric, time, site)
)`;

const watermarks = [
  sql`create table gateway_epoch (
    site text not null,
    gateway text not null,
    epoch text not null,
    seq bigint not null default 0,
    waiting integer not null default 0,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    primary key (site, gateway, epoch)
  )`,
  sql`create table gateway_above (
    site text not null,
    gateway text not null,
    epoch text not null,
    seq bigint not null,
    primary key (site, gateway, epoch, seq)
  )`,
];

const alerts = [
  sql`create table alert (
    id uuid primary key,
    site text not null,
    group_key text not null,
    zone text not null,
    gateway text not null,
    device text not null,
    event_type text not null,
    details jsonb not null,
    severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
    state text not null check (state in ('open', 'acknowledged', 'in_progress', 'resolved', 'closed')),
    condition text not null check (condition in ('active', 'cleared')),
    score double precision not null,
    risk jsonb not null,
    event_count integer not null,
    opened_at timestamptz not null,
    last_event_at timestamptz not null,
    updated_at timestamptz not null,
    acknowledged_by text,
    resolved_by text,
    disposition text check (disposition in ('genuine', 'false', 'nuisance', 'test', 'duplicate')),
    version integer not null
  )`,
  // One unresolved alert per group, whatever else goes wrong.
  sql`create unique index alert_one_per_group on alert (site, group_key)
    where state in ('open', 'acknowledged', 'in_progress')`,
  sql`create index alert_newest on alert (site, updated_at desc, id desc)`,
  sql`create index alert_dispositions on alert (site, device, disposition) where disposition is not null`,
  sql`create table alert_transition (
    position bigint generated always as identity primary key,
    alert uuid not null references alert (id),
    from_state text,
    to_state text not null,
    actor text not null,
    time timestamptz not null,
    reason text,
    request uuid unique,
    answer jsonb
  )`,
  sql`create index alert_transition_of on alert_transition (alert, position)`,
  sql`create function refuse_change() returns trigger language plpgsql as $$
    begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$`,
  sql`create trigger alert_transition_append_only before update or delete or truncate on alert_transition
    for each statement execute function refuse_change()`,
];

const rejects = [
  sql`create table reject (
    position bigint generated always as identity primary key,
    id uuid not null,
    received_at timestamptz not null,
    site text not null,
    topic text not null,
    gateway text,
    device text,
    code text not null,
    path text,
    bytes integer not null,
    payload bytea not null check (octet_length(payload) <= 2048)
  )`,
  sql`create table reject_count (
    site text not null,
    code text not null,
    count bigint not null,
    primary key (site, code)
  )`,
];

const accounts = [
  sql`create table account (name text primary key, role text not null, password text not null)`,
  sql`create table session (
    token_hash text primary key,
    account text not null references account (name) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  sql`create index session_expiry on session (expires_at)`,
];

const placeRisk = sql`
create table place_risk (
  site text not null,
  cell text not null,
  kind text not null,
  weight double precision not null,
  first_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (site, cell, kind)
)`;

/** All plain tables; the same on every engine. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [events, telemetry, ...watermarks, ...alerts, ...rejects, ...accounts, placeRisk];
  for (const statement of statements) await statement.execute(db);
}
