import type { Alert, IncidentState } from '@watchpost/contracts/alert';
import { type Selectable, sql } from 'kysely';
import type { ZonesBySite } from './alert-queue.ts';
import { toAlert } from './alert-store.ts';
import type { Database, Queryable } from './schema.ts';

/** An incident with the most urgent of its alerts. */
export interface LeadAlert {
  /** As it was asked for: incidents that are part of another one lead there. */
  readonly asked: string;
  readonly incident: string;
  readonly state: IncidentState;
  readonly alert: Alert;
}

/**
 * Of these incidents, and of those that they are part of now, the most urgent alert: the unresolved before
 * the others, then by severity, then what opened first. Those without any in these zones are missing. The
 * most urgent first.
 */
export async function leadAlerts(
  db: Queryable,
  sites: readonly string[],
  ids: readonly string[],
  within: ZonesBySite,
): Promise<LeadAlert[]> {
  if (sites.length === 0 || ids.length === 0) return [];
  type Row = Selectable<Database['alert']> & {
    readonly asked: string;
    readonly incident: string;
    readonly incident_state: IncidentState;
  };
  const { rows } = await sql<Row>`with recursive step (asked, site, id, hops) as (
      select id, site, id, 0 from incident where site in (${sql.join(sites)})
        and id = any(${[...new Set(ids)]}::uuid[])
      union all
      select step.asked, step.site, incident.merged_into, hops + 1 from step
      join incident on incident.site = step.site and incident.id = step.id
      where incident.merged_into is not null and hops < 20
    ), lead as (
      select distinct on (step.asked) step.asked, member.incident, incident.state as incident_state, alert.*,
        alert.state in ('resolved', 'closed') as is_done
      from step join incident_member as member on member.site = step.site and member.incident = step.id
      join incident on incident.site = member.site and incident.id = member.incident
      join alert on alert.site = member.site and alert.id = member.alert
      where not (${JSON.stringify(within)}::jsonb ? alert.site)
        or ${JSON.stringify(within)}::jsonb -> alert.site ? alert.zone
      order by step.asked, step.hops desc, is_done, alert.severity_order, alert.opened_at, alert.id
    ) select * from lead order by is_done, severity_order, opened_at, id`.execute(db);
  return rows.map(({ asked, incident, incident_state, ...row }) => ({
    ...{ asked, incident, state: incident_state, alert: toAlert(row) },
  }));
}
