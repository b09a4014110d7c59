import { type Kysely, sql } from 'kysely';

const statements = [
  sql`alter table alert add column changed_in jsonb`,
  sql`alter table alert add column cell text`,
  // The same names as `kindOf` of alerts/alert-subject.ts.
  sql`alter table alert add column kind text`,
  sql`update alert set kind = event_type || coalesce('/' || case event_type
    when 'watchpost.sensor.alarm.v1' then details ->> 'kind'
    when 'watchpost.sensor.anomaly.v1' then details ->> 'kind'
    when 'watchpost.pass.rejected.v1' then details ->> 'reason'
    when 'watchpost.report.received.v1' then details ->> 'category'
    when 'watchpost.face.candidate.v1' then details ->> 'list'
  end, '')`,
  sql`alter table alert alter column kind set not null`,
  sql`alter table alert drop constraint alert_condition_check`,
  sql`alter table alert add constraint alert_condition_check check (condition in ('active', 'cleared', 'momentary'))`,
  sql`create index alert_of_device on alert (site, device) where state in ('open', 'acknowledged', 'in_progress')`,
  // Retention, and nothing else, may delete history.
  sql`create or replace function refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and current_setting('watchpost.retention', true) = 'on' then return null; end if;
      raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
    end $$`,
  sql`alter table alert_transition add column disposition text`,
];

/**
 * Alerts know in which version what changed, what kind of event they are of, and that some causes are
 * momentary.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
