import { type Kysely, sql } from 'kysely';

/**
 * Which positions of an epoch were captured on which UTC day: finds the chunk of a position without planning
 * over all of them.
 */
const positions = [
  sql`create table gateway_day (
    site text not null,
    gateway text not null,
    epoch text not null,
    day date not null,
    first_seq bigint not null,
    last_seq bigint not null,
    primary key (site, gateway, epoch, day)
  )`,
  sql`insert into gateway_day select site, gateway, epoch, (time at time zone 'UTC')::date, min(seq), max(seq)
    from event group by 1, 2, 3, 4`,
];

/**
 * How the alerts of a device turned out, by kind of event. A trigger keeps it, so that no code path can
 * forget to; it outlives the alerts, because what was learnt holds when their retention ends.
 */
const dispositions = [
  sql`create table device_disposition (
    site text not null,
    device text not null,
    kind text not null,
    disposition text not null,
    alerts integer not null,
    primary key (site, device, kind, disposition)
  ) with (fillfactor = 70)`,
  sql`drop index alert_dispositions`,
  sql`insert into device_disposition select site, device, kind, disposition, count(*) from alert
    where disposition is not null group by 1, 2, 3, 4`,
  sql`create function count_disposition() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and old.disposition is not null then
        update device_disposition set alerts = greatest(0, alerts - 1)
          where site = old.site and device = old.device and kind = old.kind
          and disposition = old.disposition;
      end if;
      if new.disposition is not null then
        insert into device_disposition values (new.site, new.device, new.kind, new.disposition, 1)
          on conflict (site, device, kind, disposition)
          do update set alerts = device_disposition.alerts + 1;
      end if;
      return null;
    end $$`,
  sql`create trigger alert_disposition_made after insert on alert
    for each row when (new.disposition is not null) execute function count_disposition()`,
  sql`create trigger alert_disposition_changed after update of disposition on alert
    for each row when (old.disposition is distinct from new.disposition) execute function count_disposition()`,
];

/** Rows that change with every commit leave room for their next version in the same page. */
const room = (['alert', 'gateway_epoch', 'place_risk'] as const).map(
  (table) => sql`alter table ${sql.table(table)} set (fillfactor = 70)`,
);

/** What keeps the cost of a commit the same, however much was stored before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...positions, ...dispositions, ...room]) await statement.execute(db);
}
