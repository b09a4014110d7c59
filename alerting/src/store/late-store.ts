import { type Risk, riskSchema } from '@watchpost/contracts/alert';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { insertRows } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** A late alarm of something that can be over by now, or not. */
export interface LateCondition {
  readonly groupKey: string;
  readonly gateway: string;
  /** With its corrected time. */
  readonly event: StoredEvent;
  readonly risk: Risk;
  /** RFC 3339. */
  readonly receivedAt: string;
}

/** Keeps late alarms until somebody asks whether they still hold; of each condition the newest. */
export async function saveLateConditions(
  tx: Queryable,
  site: string,
  conditions: readonly LateCondition[],
): Promise<void> {
  const newest = new Map<string, LateCondition>();
  for (const condition of conditions) {
    const known = newest.get(condition.groupKey);
    if (!known || condition.event.time > known.event.time) newest.set(condition.groupKey, condition);
  }
  const rows = [...newest.values()].map(({ groupKey, gateway, event, risk, receivedAt }) => ({
    site,
    group_key: groupKey,
    gateway,
    event,
    risk,
    received_at: receivedAt,
  }));
  await insertRows(
    tx,
    'late_condition',
    rows,
    sql`on conflict (site, group_key) do update set event = excluded.event, risk = excluded.risk,
      received_at = excluded.received_at where excluded.event ->> 'time' > late_condition.event ->> 'time'`,
  );
}

/** Takes the late alarms of these gateways out. */
export async function takeLateConditions(
  tx: Queryable,
  site: string,
  gateways: readonly string[],
): Promise<LateCondition[]> {
  if (gateways.length === 0) return [];
  const rows = await tx
    .deleteFrom('late_condition')
    .where('site', '=', site)
    .where('gateway', 'in', gateways)
    .returningAll()
    .execute();
  return rows.map((row) => ({
    groupKey: row.group_key,
    gateway: row.gateway,
    // Written by us, from an event that was parsed.
    event: row.event as StoredEvent,
    risk: riskSchema.parse(row.risk),
    receivedAt: row.received_at.toISOString(),
  }));
}

/** Gateways of which late alarms wait, after a start. */
export async function gatewaysWithLateConditions(db: Queryable, site: string): Promise<string[]> {
  const rows = await db
    .selectFrom('late_condition')
    .select('gateway')
    .distinct()
    .where('site', '=', site)
    .execute();
  return rows.map(({ gateway }) => gateway);
}

/** Adds to the count of events that came too late to page anybody. */
export async function countLate(
  tx: Queryable,
  site: string,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = [...counts].map(([gateway, count]) => ({ site, gateway, count }));
  await insertRows(
    tx,
    'late_event_count',
    rows,
    sql`on conflict (site, gateway) do update set count = late_event_count.count + excluded.count`,
  );
}

/** How many events of each gateway came too late to page anybody, since the database was made. */
export async function lateCounts(db: Queryable, site: string): Promise<Map<string, number>> {
  const rows = await db.selectFrom('late_event_count').selectAll().where('site', '=', site).execute();
  return new Map(rows.map(({ gateway, count }) => [gateway, Number(count)]));
}
