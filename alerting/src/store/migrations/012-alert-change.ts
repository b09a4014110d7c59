import { type Kysely, sql } from 'kysely';

const log = [
  sql`create table alert_change (
    position bigint generated always as identity primary key,
    site text not null,
    alert uuid not null,
    version integer,
    what text not null check (what in ('opened', 'joined', 'cleared', 'step')),
    at timestamptz not null,
    from_state text,
    to_state text,
    actor text,
    reason text,
    disposition text,
    request uuid unique,
    snapshot jsonb,
    check ((to_state is null) = (actor is null))
  )`,
  // Rows of before this table do not all say how the alert was.
  sql`insert into alert_change (position, site, alert, version, what, at, from_state, to_state, actor, reason,
      disposition, request, snapshot) overriding system value
    select position, site, alert, (answer ->> 'version')::integer,
      case when from_state is null then 'opened' else 'step' end, time, from_state, to_state, actor, reason,
      alert_transition.disposition, request, answer
    from alert_transition join alert on alert.id = alert_transition.alert`,
  sql`select setval(pg_get_serial_sequence('alert_change', 'position'),
    coalesce(max(position), 1), max(position) is not null) from alert_change`,
  sql`drop table alert_transition`,
  // The history of an alert, and what retention takes: each row is in one of them at most.
  sql`create index alert_change_step on alert_change (alert, position) where to_state is not null`,
  sql`create index alert_change_passing on alert_change (at) where to_state is null`,
];

/**
 * Whoever commits first has the smaller positions: they are given out under a lock that lasts until the
 * commit. In the database, so that no writer can do without; a writer takes it with its last statement.
 */
const order = [
  sql`create function lock_alert_changes() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(hashtextextended('watchpost.alert_change', 0)); return null; end $$`,
  sql`create trigger alert_change_in_order before insert on alert_change
    for each statement execute function lock_alert_changes()`,
  sql`create trigger alert_change_append_only before update or delete or truncate on alert_change
    for each statement execute function refuse_change()`,
];

/**
 * How far each consumer has come; that of `retention` is the last position up to which rows that are no steps
 * may be missing, as they are before this table.
 */
const offsets = [
  sql`create table relay_offset (
    site text not null,
    consumer text not null,
    position bigint not null,
    primary key (site, consumer)
  ) with (fillfactor = 70)`,
  sql`insert into relay_offset select site, 'retention', max(position) from alert_change group by site`,
];

/** One append-only log of what happens to alerts takes the place of the history of their steps. */
export async function alertChange(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...log, ...order, ...offsets]) await statement.execute(db);
}
