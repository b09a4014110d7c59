import { sql } from 'kysely';
import type { Queryable } from '../store/schema.ts';

/** Whose past is made up. */
export interface HistorySite {
  readonly site: string;
  readonly gateway: string;
  readonly devices: readonly string[];
}

/** Adds closed alerts as a long life leaves them: many, of the devices that still report. */
export async function addClosedAlerts(
  db: Queryable,
  { site, gateway, devices }: HistorySite,
  count: number,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Row by row the trigger takes minutes; the counts that it would have kept follow.
    await sql`alter table alert disable trigger alert_disposition_made`.execute(tx);
    await sql`insert into alert (id, site, group_key, zone, gateway, device, event_type, kind, details, severity, state,
        condition, score, risk, event_count, opened_at, last_event_at, updated_at, disposition, version)
      select gen_random_uuid(), ${site}, 'door1 watchpost.sensor.alarm.v1 door', 'stores', ${gateway},
        (${sql.val(devices)}::text[])[1 + n % ${devices.length}::int], 'watchpost.sensor.alarm.v1',
        'watchpost.sensor.alarm.v1/door', '{}',
        'high', 'closed', 'cleared', 60, '{"score":60,"factors":[],"ruleSet":"t"}', 1, at, at, at,
        (array['genuine', 'false', 'nuisance', 'test', 'duplicate'])[1 + n % 5], 4
      from generate_series(1, ${count}::int) as n, lateral (select now() - n * interval '1 minute' as at) as made`.execute(
      tx,
    );
    await sql`alter table alert enable trigger alert_disposition_made`.execute(tx);
    await sql`insert into device_disposition select site, device, kind, disposition, count(*) from alert
      where site = ${site} and disposition is not null group by 1, 2, 3, 4
      on conflict (site, device, kind, disposition) do update set alerts = excluded.alerts`.execute(tx);
  });
  await sql`analyze alert`.execute(db);
}

/** Adds one event on each of the days before today, `from` to `to`, so that each has a chunk. */
export async function addDays(
  db: Queryable,
  { site, gateway, devices }: HistorySite,
  from: number,
  to: number,
): Promise<void> {
  await sql`insert into event (time, received_at, id, site, gateway, epoch, seq, device, zone, type, concern, data, risk,
      risk_factors, rule_set, late)
    select at, at, gen_random_uuid(), ${site}, ${gateway}, 'days', n, ${devices[0]}, 'stores',
      'watchpost.sensor.alarm.v1', 'intrusion', '{"kind":"door"}', 20, '[]', 't', false
    from generate_series(${from}::int, ${to}::int) as n, lateral (select now() - n * interval '1 day' as at) as made`.execute(
    db,
  );
}
