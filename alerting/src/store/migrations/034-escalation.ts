import { type Kysely, sql } from 'kysely';

const tables = [
  sql`create table escalation_policy (
    site text not null,
    id uuid not null,
    version integer not null,
    name text not null,
    receiver uuid,
    place integer not null,
    severities jsonb not null,
    zones jsonb,
    concerns jsonb,
    steps jsonb not null,
    changed_at timestamptz not null,
    primary key (site, id),
    foreign key (site, receiver) references receiver (site, id) on delete cascade
  )`,
  sql`create unique index escalation_policy_receiver on escalation_policy (site, receiver)
    where receiver is not null`,
  sql`create table escalation (
    site text not null,
    subject text not null,
    version integer not null,
    policy uuid,
    policy_version integer,
    name text,
    steps jsonb not null,
    severity text not null,
    seq integer not null,
    at timestamptz not null,
    step integer not null default 0,
    round integer not null default 0,
    pages integer not null default 0,
    state text not null check (state in ('running', 'acknowledged', 'ended', 'over')),
    empty_at timestamptz,
    acknowledged_by text,
    acknowledged_at timestamptz,
    changed_at timestamptz not null,
    primary key (site, subject)
  )`,
  sql`create index escalation_running on escalation (site) where state in ('running', 'acknowledged')`,
];

/** Which severities a receiver was told of becomes a policy of one step. Nobody is told of what is open. */
const routes = [
  sql`insert into escalation_policy (site, id, version, name, receiver, place, severities, steps, changed_at)
    select receiver.site, gen_random_uuid(), 1, receiver.name, receiver.id, 0, jsonb_agg(route.severity),
      jsonb_build_array(jsonb_build_object('waitSeconds', 0, 'targets', jsonb_build_array(
        jsonb_build_object('kind', 'receiver', 'receiver', receiver.id)), 'channels', null, 'onlyFor', null,
        'repeat', null)), receiver.made_at
    from receiver join notice_route as route on route.site = receiver.site and route.receiver = receiver.id
    group by receiver.site, receiver.id`,
  sql`drop table notice_route`,
];

/** A receiver may be told the same thing again, and what nobody has to know any more is not tried again. */
const notices = [
  sql`alter table notice add column round integer not null default 0`,
  sql`alter table notice add column last_try boolean not null default false`,
  sql`alter table notice drop constraint notice_site_receiver_subject_seq_channel_key`,
  sql`alter table notice add unique (site, receiver, subject, seq, channel, round)`,
];

/** Who is told of what by which steps, and how far that has come. */
export async function escalation(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...routes, ...notices]) await statement.execute(db);
}
