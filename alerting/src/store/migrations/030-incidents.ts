import { type Kysely, sql } from 'kysely';
import { concernOfKind } from '../../incidents/policy.ts';

const statements = [
  sql`create table incident (
    site text not null,
    id uuid not null,
    version integer not null,
    concern text not null,
    severity text not null,
    state text not null check (state in ('open', 'acknowledged', 'over')),
    quiet boolean not null default false,
    zones jsonb not null,
    alerts integer not null,
    flapping integer not null default 0,
    opened_at timestamptz not null,
    updated_at timestamptz not null,
    last_member_at timestamptz not null,
    closed_at timestamptz,
    merged_into uuid,
    told_at timestamptz,
    updates integer not null default 0,
    primary key (site, id)
  ) with (fillfactor = 80)`,
  sql`create table incident_member (
    site text not null,
    alert uuid not null,
    incident uuid not null,
    joined_at timestamptz not null,
    primary key (site, alert),
    foreign key (site, alert) references alert (site, id) on delete cascade
  )`,
  sql`create index incident_members on incident_member (site, incident)`,
  // Those that go on, of which there are few.
  sql`create index incident_unfinished on incident (site, concern, last_member_at) where closed_at is null`,
  sql`create index incident_newest on incident (site, opened_at desc, id)`,
];

/**
 * Alerts of before each get an incident of their own, with their id: what was told of the alert was told of
 * it. Nobody is told anything by that.
 */
const ofEarlierAlerts = sql`with made as (
    insert into incident (site, id, version, concern, severity, state, zones, alerts, opened_at, updated_at,
      last_member_at, closed_at)
    select site, id, version,
      coalesce(${JSON.stringify(concernOfKind)}::jsonb ->> kind, ${JSON.stringify(concernOfKind)}::jsonb ->> event_type,
        'other'),
      severity, case state when 'open' then 'open' when 'resolved' then 'over' when 'closed' then 'over'
        else 'acknowledged' end,
      jsonb_build_array(zone), 1, opened_at, updated_at, opened_at, done_at
    from alert returning site, id, opened_at
  ) insert into incident_member (site, alert, incident, joined_at) select site, id, id, opened_at from made`;

/** Every alert is in one incident. */
export async function incidents(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
  await ofEarlierAlerts.execute(db);
}
