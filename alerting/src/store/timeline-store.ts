import type { Severity } from '@watchpost/contracts/alert';
import type { timelineKinds } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** One line of who knew what when, as it is kept. */
export interface TimelineRow {
  readonly at: Date;
  readonly kind: (typeof timelineKinds)[number];
  readonly what: string;
  readonly by: string | null;
  /** Id of the department that it is of; null: everybody's who sees the subject. */
  readonly department: string | null;
  readonly departmentName: string | null;
  readonly whom: string | null;
  readonly severity: Severity | null;
  readonly text: string | null;
}

/**
 * What happened to a subject and who learned of it, the first first; of one instant what happened comes
 * before who was told. Further events of the same severity are not in it.
 */
export async function timelineOf(
  db: Queryable,
  site: string,
  subject: string,
  {
    zones,
    withNotices,
    limit,
  }: {
    /** Of which alerts are shown; null: all of its zones. */
    readonly zones: readonly string[] | null;
    readonly withNotices: boolean;
    readonly limit: number;
  },
): Promise<TimelineRow[]> {
  const { rows } = await sql<TimelineRow>`
    with change as (
      select change.at, position, what, to_state, from_state, actor, change.reason, change.disposition,
        coalesce(snapshot ->> 'severity', alert.severity) as severity, alert.device,
        lag(coalesce(snapshot ->> 'severity', alert.severity)) over (partition by change.alert order by position)
          as before
      from incident_member as member join alert on alert.site = member.site and alert.id = member.alert
      join alert_change as change on change.site = member.site and change.alert = member.alert
      where member.site = ${site} and member.incident = ${subject}::uuid
        and ${zones === null ? sql`true` : sql`alert.zone = any(${[...zones]}::text[])`}
    ), offer as (
      select offer.*, department.name as department_name from response_offer as offer
      join department on department.site = offer.site and department.id = offer.department
      where offer.site = ${site} and (offer.subject = ${subject}::uuid or offer.subject in (select id from incident
        where incident.site = ${site} and incident.merged_into = ${subject}::uuid))
    ), line (at, rank, part, kind, what, by, department, department_name, whom, severity, text) as (
      select at, 0, position, 'alert',
        case when to_state is not null and from_state is distinct from to_state then to_state
          when what = 'cleared' then 'cleared' when to_state is not null then 'note' else 'severity' end,
        actor, null::text, null::text, device, severity, coalesce(reason, disposition)
      from change where what <> 'joined' or severity is distinct from before
      union all
      select offered_at, 1, 0, 'offer', 'offered', offered_by_name, null, null, department_name, null,
        nullif(note, '') from offer
      union all
      select acknowledged_at, 1, 1, 'acknowledgement', 'acknowledged', acknowledged_by_name, department::text,
        department_name, null, null, null from offer where acknowledged_at is not null
      union all
      select ended_at, 1, 1000, 'end', 'ended', ended_by_name, department::text, department_name, null, null,
        end_reason from offer where ended_at is not null
      union all
      select step.at, 1, 1 + step.version, 'task', step.to_state, step.by_name, offer.department::text,
        offer.department_name, unit.name, null, step.reason
      from response_step as step join response_task as task on task.site = step.site and task.id = step.task
      join offer on offer.site = task.site and offer.id = task.offer
      join response_unit as unit on unit.site = task.site and unit.id = task.unit
      union all
      select notice.sent_at, 2, notice.seq, 'notice', notice.kind, null, null, (select name from department
          where department.site = notice.site and department.receiver = notice.receiver
          order by ended_at desc nulls first limit 1), receiver.name, notice.severity, notice.channel
      from notice join receiver on receiver.site = notice.site and receiver.id = notice.receiver
      where ${withNotices}::boolean and notice.site = ${site} and notice.subject = ${subject}
        and notice.sent_at is not null
    )
    select at, kind, what, by, department, department_name as "departmentName", whom, severity, text
    from line order by at, rank, part, whom limit ${sql.lit(limit)}`.execute(db);
  return rows;
}
