import type { ArmingStep } from '@watchpost/contracts/api';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { type AreaChange, type AreaState, disarmedArea } from '../arming/area-state.ts';
import { insertRows } from './json-rows.ts';
import type { Queryable } from './schema.ts';
import type { DeviceStatus } from './uptime-store.ts';

/** The areas of a site that anything happened to, as they are; others are disarmed. */
export async function areaStates(
  db: Queryable,
  site: string,
  areas: readonly string[],
): Promise<ReadonlyMap<string, AreaState>> {
  if (areas.length === 0) return new Map();
  const rows = await db
    .selectFrom('arming_area')
    .select(['area', 'state'])
    .where('site', '=', site)
    .where('area', 'in', areas)
    .execute();
  return new Map(rows.map(({ area, state }) => [area, state]));
}

/** An area, locked until the end of the transaction; `busy` where somebody has it and `wait` is false. */
export async function lockArea(tx: Queryable, site: string, area: string, wait: true): Promise<AreaState>;
export async function lockArea(
  tx: Queryable,
  site: string,
  area: string,
  wait: false,
): Promise<AreaState | 'busy'>;
export async function lockArea(
  tx: Queryable,
  site: string,
  area: string,
  wait: boolean,
): Promise<AreaState | 'busy'> {
  const first = disarmedArea(area);
  await tx
    .insertInto('arming_area')
    .values({ site, area, version: 0, phase: first.phase, state: JSON.stringify(first) })
    .onConflict((conflict) => conflict.columns(['site', 'area']).doNothing())
    .execute();
  const query = tx
    .selectFrom('arming_area')
    .select('state')
    .where('site', '=', site)
    .where('area', '=', area);
  const row = await (wait ? query.forUpdate() : query.forUpdate().skipLocked()).executeTakeFirst();
  return row ? row.state : 'busy';
}

/** Writes what became of an area that is locked, and what happened. */
export async function saveArea(
  tx: Queryable,
  site: string,
  { state, step, by, devices }: AreaChange,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): Promise<void> {
  const { area, version, phase, mode, lateMs } = state;
  await tx
    .updateTable('arming_area')
    .set({ version, phase, state: JSON.stringify(state) })
    .where('site', '=', site)
    .where('area', '=', area)
    .execute();
  await tx
    .insertInto('arming_step')
    .values({
      ...{ site, id, area, version, step, phase, mode, late_ms: lateMs },
      ...{ at: new Date(nowMs).toISOString(), by_name: by?.name ?? null, by_account: by?.account ?? null },
      devices: JSON.stringify(devices),
    })
    .execute();
}

/** Whether a step with this id was taken. */
export async function isStepTaken(tx: Queryable, site: string, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('arming_step')
    .select('id')
    .where('site', '=', site)
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}

/** What happened to an area, the newest first. */
export async function areaSteps(
  db: Queryable,
  site: string,
  area: string,
  limit: number,
): Promise<ArmingStep[]> {
  const rows = await db
    .selectFrom('arming_step')
    .select(['at', 'step', 'phase', 'mode', 'by_name', 'devices', 'late_ms'])
    .where('site', '=', site)
    .where('area', '=', area)
    .orderBy('at', 'desc')
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ at, by_name: by, late_ms: lateMs, devices, ...row }) => ({
    ...{ ...row, by, lateMs, at: at.toISOString() },
    devices: [...devices] as ArmingStep['devices'],
  }));
}

/** A state of a device, as it said. */
export interface DeviceCondition {
  readonly device: string;
  readonly kind: string;
  readonly active: boolean;
  /** Capture time, RFC 3339. */
  readonly at: string;
  readonly receivedAt: string;
  readonly event: StoredEvent;
}

/** Notes what devices said; of two words the one that was captured later holds. */
export async function noteConditions(
  tx: Queryable,
  site: string,
  conditions: readonly DeviceCondition[],
): Promise<void> {
  const newest = new Map<string, DeviceCondition>();
  for (const one of conditions) {
    const key = `${one.device} ${one.kind}`;
    if ((newest.get(key)?.at ?? '') <= one.at) newest.set(key, one);
  }
  // In one order, so that no two commits wait for each other.
  const rows = [...newest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { device, kind, active, at, receivedAt, event }]) => ({
      ...{ site, device, kind, active, at, received_at: receivedAt, event },
    }));
  await insertRows(
    tx,
    'device_condition',
    rows,
    sql`on conflict (site, device, kind) do update set active = excluded.active, at = excluded.at,
      received_at = excluded.received_at, event = excluded.event where device_condition.at <= excluded.at`,
  );
}

/** What these devices said last. */
export async function deviceConditions(
  db: Queryable,
  site: string,
  devices: readonly string[],
): Promise<DeviceCondition[]> {
  if (devices.length === 0) return [];
  const rows = await db
    .selectFrom('device_condition')
    .select(['device', 'kind', 'active', 'at', 'received_at', 'event'])
    .where('site', '=', site)
    .where('device', 'in', devices)
    .execute();
  return rows.map(({ at, received_at: received, ...row }) => ({
    ...{ ...row, at: at.toISOString(), receivedAt: received.toISOString() },
  }));
}

/** Whether these devices are heard, as far as that is written down, and since when. */
export async function deviceStatuses(
  db: Queryable,
  site: string,
  devices: readonly string[],
): Promise<ReadonlyMap<string, { readonly status: DeviceStatus; readonly at: string }>> {
  if (devices.length === 0) return new Map();
  const { rows } = await sql<{ device: string; status: DeviceStatus; at: Date }>`
    select one.device, newest.status, newest.at
    from jsonb_array_elements_text(${JSON.stringify(devices)}::jsonb) as one(device)
    cross join lateral (select status, at from device_status
      where device_status.site = ${site} and device_status.device = one.device
      order by at desc limit 1) as newest`.execute(db);
  return new Map(rows.map(({ device, status, at }) => [device, { status, at: at.toISOString() }]));
}

/** What devices of a new area said last, from the history of before: of those that nothing is noted of. */
export async function fillConditions(
  db: Queryable,
  site: string,
  devices: readonly string[],
  days: number,
): Promise<void> {
  if (devices.length === 0) return;
  await sql`insert into device_condition (site, device, kind, active, at, received_at, event)
    select distinct on (device, kind) site, device, kind, type not like '%.cleared.v1', time, received_at,
      jsonb_build_object('specversion', '1.0', 'id', id, 'source', '/sites/' || site || '/devices/' || device,
        'type', type, 'time', to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'subject', zone, 'data', data, 'gateway', gateway, 'epoch', epoch, 'seq', seq)
    from (select *, case type when 'watchpost.tamper.cover.v1' then 'cover' else data ->> 'kind' end as kind
      from event where site = ${site} and time > now() - ${`${days} days`}::interval
        and device in (${sql.join(devices)})
        and type in ('watchpost.sensor.alarm.v1', 'watchpost.sensor.cleared.v1',
          'watchpost.tamper.cover.v1', 'watchpost.tamper.cleared.v1')) as said
    where kind is not null order by device, kind, time desc
    on conflict do nothing`.execute(db);
}

/** The codes of a person, in their stored form. */
export async function codesOf(
  db: Queryable,
  account: string,
): Promise<{ readonly code: string; readonly duress: string | null } | undefined> {
  return db
    .selectFrom('arming_code')
    .select(['code', 'duress'])
    .where('account', '=', account)
    .executeTakeFirst();
}

/** Keeps the codes of a person. */
export async function saveCodes(
  tx: Queryable,
  account: string,
  codes: { readonly code: string; readonly duress: string | null },
  at: string,
): Promise<void> {
  const row = { ...codes, set_at: at };
  await tx
    .insertInto('arming_code')
    .values({ account, ...row })
    .onConflict((conflict) => conflict.column('account').doUpdateSet(row))
    .execute();
}

/** When areas come to something by their schedules; `base`: before it was put off. */
export interface ScheduledRow {
  readonly key: string;
  readonly atMs: number;
  readonly version: number;
  readonly base: number | null;
}

/** What is due by schedules, the first first. */
export async function scheduledRows(db: Queryable, site: string): Promise<ScheduledRow[]> {
  const rows = await db
    .selectFrom('due')
    .select(['key', 'at', 'version', 'payload'])
    .where('site', '=', site)
    .where('kind', '=', 'arming.schedule')
    .orderBy('at')
    .execute();
  return rows.map(({ key, at, version, payload }) => ({
    ...{ key, version, atMs: at.getTime() },
    base: typeof payload.base === 'number' ? payload.base : null,
  }));
}

/** Deletes what happened to areas before a time, RFC 3339. */
export async function forgetArming(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from arming_step where site = ${site} and at < ${before}::timestamptz`.execute(db);
}
