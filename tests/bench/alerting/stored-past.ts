import type { Site } from '@watchpost/contracts/site';
import type pg from 'pg';
import { gatewayCount } from './bench-site.ts';

/** How much lies in the store. */
export interface StoredPast {
  readonly events: number;
  readonly closedAlerts: number;
  /** Over so many days before today. */
  readonly days: number;
}

/** Rows of one statement, so that none takes as long as a deadline. */
const atOnce = 250_000;

/**
 * Writes a past into the tables as ingest, officers and jobs would have left it: events with their hours and
 * positions, and alerts that were taken, resolved and closed, each an incident.
 * @param after so much of it that is there already
 */
export async function writePast(
  db: pg.Client,
  site: Site,
  past: StoredPast,
  after?: StoredPast,
): Promise<void> {
  const epoch = `past${past.events}`;
  await db.query(`set synchronous_commit = off`);
  const firstEvent = after?.events ?? 0;
  for (let from = firstEvent; from < past.events; from += atOnce) {
    const to = Math.min(past.events, from + atOnce);
    await db.query(
      `insert into event (time, received_at, id, site, gateway, epoch, seq, device, zone, type, concern, data,
        risk, risk_factors, rule_set, risk_context, late)
      select at, at, gen_random_uuid(), $1, 'gw-' || n % $5, $2, n / $5 + 1, 'motion-' || n % $5, 'hall',
        'watchpost.sensor.alarm.v1', 'intrusion', '{"kind":"motion"}', 20,
        '[{"name":"severity_of_type","points":20,"because":{"type":"watchpost.sensor.alarm.v1","kind":"motion"}}]',
        'wp-1', '{"zone":0.5,"armed":false}', false
      from generate_series($3::integer, $4::integer - 1) as n, lateral (select date_trunc('hour', now())
        - interval '1 hour' - (1 - n::float8 / $6) * $7 * interval '1 day' as at) as made`,
      [site.id, epoch, from, to, gatewayCount, past.events, past.days],
    );
  }
  await db.query(
    `insert into event_hour (site, bucket, gateway, zone, type, events)
    select site, date_trunc('hour', time), gateway, zone, type, count(*) from event where epoch = $1
    group by 1, 2, 3, 4, 5 on conflict (site, bucket, gateway, zone, type)
    do update set events = event_hour.events + excluded.events`,
    [epoch],
  );
  await db.query(
    `insert into gateway_epoch (site, gateway, epoch, seq, first_seen, last_seen)
    select site, gateway, epoch, max(seq), min(time), max(time) from event where epoch = $1 group by 1, 2, 3`,
    [epoch],
  );
  await db.query(
    `insert into gateway_day select site, gateway, epoch, (time at time zone 'UTC')::date, min(seq), max(seq)
    from event where epoch = $1 group by 1, 2, 3, 4`,
    [epoch],
  );
  await writeClosed(db, site, past, after?.closedAlerts ?? 0);
  await db.query(`analyze`);
  await db.query(`checkpoint`);
}

async function writeClosed(
  db: pg.Client,
  site: Site,
  { closedAlerts, days }: StoredPast,
  from: number,
): Promise<void> {
  // Row by row the triggers take minutes, and what they keep is the same for one row as for many.
  await db.query(`alter table alert disable trigger alert_disposition_made`);
  await db.query(
    `insert into alert (id, site, group_key, zone, gateway, device, event_type, kind, details, severity, state,
      condition, score, risk, event_count, opened_at, last_event_at, updated_at, acknowledged_by, resolved_by,
      disposition, version)
    select gen_random_uuid(), $1, 'past ' || n, 'hall', 'gw-' || n % $4, 'hall-' || n % 600,
      'watchpost.sensor.alarm.v1', 'watchpost.sensor.alarm.v1/smoke', '{"kind":"smoke"}',
      (array['low', 'medium', 'high', 'critical'])[1 + n % 4], 'closed', 'cleared', 60,
      '{"score":60,"factors":[{"name":"severity_of_type","points":60,"because":{"kind":"smoke"}}],"ruleSet":"wp-1"}',
      1, at, at, at, 'officer', 'officer', 'genuine', 4
    from generate_series($2::integer, $3::integer - 1) as n,
      lateral (select now() - interval '1 hour' - (1 - n::float8 / $3) * $5 * interval '1 day' as at) as made`,
    [site.id, from, closedAlerts, gatewayCount, days],
  );
  await db.query(`alter table alert enable trigger alert_disposition_made`);
  const isNew = `group_key like 'past %' and not exists (select from incident_member as member
    where member.site = alert.site and member.alert = alert.id)`;
  await db.query(`insert into alert_change (site, alert, version, what, at, from_state, to_state, actor, reason)
    select site, id, step.version, step.what, updated_at, step.before, step.after, 'officer', step.reason
    from alert cross join (values (1, 'opened', null, 'open', null), (2, 'step', 'open', 'acknowledged', null),
      (3, 'step', 'acknowledged', 'resolved', 'burnt toast in the kitchen'),
      (4, 'step', 'resolved', 'closed', null)) as step (version, what, before, after, reason) where ${isNew}`);
  await db.query(`insert into incident (site, id, version, concern, severity, state, zones, alerts, opened_at,
      updated_at, last_member_at, closed_at)
    select site, id, 3, 'fire', severity, 'over', '["hall"]', 1, opened_at, updated_at, opened_at, updated_at
    from alert where ${isNew}`);
  await db.query(`insert into incident_member (site, alert, incident, joined_at)
    select site, id, id, opened_at from alert where ${isNew}`);
}
