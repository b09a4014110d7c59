import { type Kysely, sql } from 'kysely';

const receivers = [
  // Of a person it goes with the account, and so does what it was told.
  sql`create table receiver (
    site text not null,
    id uuid not null,
    name text not null,
    account text references account (name) on delete cascade,
    channel text not null,
    address jsonb not null,
    language text not null,
    is_fallback boolean not null default false,
    cap integer check (cap > 0),
    made_at timestamptz not null,
    verified_at timestamptz,
    off_at timestamptz,
    paused_until timestamptz,
    pause_code text,
    failing_since timestamptz,
    fault text,
    primary key (site, id)
  )`,
  sql`create index receiver_account on receiver (account) where account is not null`,
  // Until escalation policies say who is told of what.
  sql`create table notice_route (
    site text not null,
    receiver uuid not null,
    severity text not null,
    primary key (site, receiver, severity),
    foreign key (site, receiver) references receiver (site, id) on delete cascade
  )`,
];

const outbox = [
  sql`create table notice (
    site text not null,
    id uuid not null,
    subject text not null,
    receiver uuid not null,
    channel text not null,
    seq integer not null,
    kind text not null,
    severity text not null,
    urgent boolean not null,
    at timestamptz not null,
    made_at timestamptz not null,
    due_at timestamptz not null,
    attempts integer not null default 0,
    state text not null default 'waiting'
      check (state in ('waiting', 'sending', 'sent', 'refused', 'lapsed')),
    lease_until timestamptz,
    fence bigint not null default 0,
    capped_until timestamptz,
    bundle uuid,
    sent_at timestamptz,
    code text,
    remote_id text,
    primary key (site, id),
    unique (site, receiver, subject, seq, channel),
    foreign key (site, receiver) references receiver (site, id) on delete cascade
  )`,
  sql`create index notice_waiting on notice (site, receiver, due_at) where state = 'waiting'`,
  sql`create index notice_sending on notice (site, receiver) where state = 'sending'`,
  sql`create index notice_subject on notice (site, subject)`,
  sql`create index notice_sent on notice (site, receiver, sent_at) where sent_at is not null`,
  sql`create index notice_log on notice (site, made_at desc, id)`,
];

/** Who is told of alerts, by which way, and what is to be sent and was. */
export async function notices(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...receivers, ...outbox]) await statement.execute(db);
}
