import { type Kysely, sql } from 'kysely';

const statements = [
  // The order of the queue as columns that all sort upwards, so that one comparison of rows finds where a
  // page begins; and when an alert was done, null before that, because an index on `updated_at` would be
  // written with every event.
  sql`alter table alert
    add column severity_order smallint not null generated always as
      (case severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end) stored,
    add column score_order double precision not null generated always as (-score) stored,
    add column done_at timestamptz generated always as
      (case when state in ('resolved', 'closed') then updated_at end) stored`,
  sql`create index alert_urgency on alert (site, severity_order, score_order, opened_at, id)`,
  // What is not closed stays small however many are: pages and counts of it must not read the closed ones. No
  // column here changes when a further event joins an alert, so that such an update touches no index.
  sql`drop index if exists alert_unclosed`,
  sql`create index alert_unclosed on alert (site, severity_order, score_order, opened_at, id) include (state, device)
    where state <> 'closed'`,
  sql`create index alert_waiting on alert (site, severity_order, score_order, opened_at, id) where state = 'open'`,
  sql`create index alert_in_work on alert (site, severity_order, score_order, opened_at, id)
    where state in ('acknowledged', 'in_progress')`,
  sql`create index alert_done on alert (site, done_at desc, id desc) where state in ('resolved', 'closed')`,
  sql`drop index if exists alert_resolved`,
  sql`create index alert_resolved on alert (site, done_at desc, id desc) where state = 'resolved'`,
  // An index on a column that changes with every event would make each such update write to all of them.
  sql`drop index if exists alert_newest`,
];

/**
 * The queue is ordered, paged and counted by the database, at the same cost however many alerts are closed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
