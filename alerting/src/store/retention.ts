import { sql } from 'kysely';
import type { AlertingPolicy } from '../policy.ts';
import type { Store } from './open-store.ts';
import { changesForgottenAtOnce } from './policy.ts';
import type { Queryable } from './schema.ts';

const dayMs = 86_400_000;

/** Whole chunks where there are any, rows otherwise. */
async function dropOlder(store: Store, table: 'event' | 'telemetry', before: string): Promise<void> {
  const { hypertables, policies } = store.capabilities;
  // An older version left this to the database, with numbers of its own.
  if (policies)
    await sql`select remove_retention_policy(${sql.lit(table)}, if_exists => true)`.execute(store.jobs);
  await (hypertables
    ? sql`select drop_chunks(${sql.lit(table)}, ${sql.lit(before)}::timestamptz)`
    : sql`delete from ${sql.table(table)} where time < ${before}`
  ).execute(store.jobs);
}

/** Passings of people who may pass say where somebody was: they go early. */
async function forgetPassings(db: Queryable, before: string): Promise<void> {
  await sql`delete from event where time < ${before}::timestamptz and (type = 'watchpost.pass.accepted.v1'
    or (type = 'watchpost.face.candidate.v1' and data ->> 'list' = 'access'))`.execute(db);
}

/** Alerts that closed long ago, with their history, which nothing else may delete. */
async function forgetAlerts(db: Queryable, before: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`set local watchpost.retention = 'on'`.execute(tx);
    await sql`delete from alert_change using alert where alert_change.alert = alert.id
      and alert.state = 'closed' and alert.updated_at < ${before}::timestamptz`.execute(tx);
    await sql`delete from alert where state = 'closed' and updated_at < ${before}::timestamptz`.execute(tx);
  });
}

/**
 * Deletes what happened to alerts and was no step, and notes up to where such rows may be missing. In parts,
 * because a busy site makes many and others wait meanwhile where there is one connection.
 */
export async function forgetPassingChanges(
  { jobs, kind }: Pick<Store, 'jobs' | 'kind'>,
  { passingChangesKeptMs }: Pick<AlertingPolicy, 'passingChangesKeptMs'>,
  nowMs: number,
): Promise<void> {
  const before = new Date(nowMs - passingChangesKeptMs).toISOString();
  let forgotten = 0;
  for (let part = changesForgottenAtOnce; part === changesForgottenAtOnce; forgotten += part)
    part = await forgetChangesBefore(jobs, before);
  // Nobody else takes back the space of deleted rows there.
  if (kind === 'embedded' && forgotten > 0) await sql`vacuum alert_change`.execute(jobs);
}

function forgetChangesBefore(db: Queryable, before: string): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`set local watchpost.retention = 'on'`.execute(tx);
    const { rows } = await sql<{ forgotten: number }>`with gone as (
        delete from alert_change where position in (select position from alert_change
          where to_state is null and at < ${before}::timestamptz order by at limit ${changesForgottenAtOnce})
        returning site, position
      ), noted as (
        insert into relay_offset (site, consumer, position)
        select site, 'retention', max(position) from gone group by site
        on conflict (site, consumer) do update set position = greatest(relay_offset.position, excluded.position)
      ) select count(*)::integer as forgotten from gone`.execute(tx);
    return rows[0]?.forgotten ?? 0;
  });
}

/** Lives of outboxes that ended; the newest of each gateway stays, however old. */
async function forgetEpochs(db: Queryable, before: string): Promise<void> {
  const old = sql`select site, gateway, epoch from gateway_epoch as one where last_seen < ${before}::timestamptz
    and exists (select from gateway_epoch as newer where newer.site = one.site and newer.gateway = one.gateway
      and newer.last_seen > one.last_seen)`;
  await db.transaction().execute(async (tx) => {
    for (const table of ['gateway_above', 'gateway_day', 'gateway_epoch'] as const)
      await sql`delete from ${sql.table(table)} where (site, gateway, epoch) in (${old})`.execute(tx);
  });
}

/** What a device was at the beginning of what is kept stays, however long ago that began. */
async function forgetStatus(db: Queryable, before: string): Promise<void> {
  await sql`delete from device_status as old where at < ${before}::timestamptz and exists (select from device_status as newer
    where newer.site = old.site and newer.device = old.device and newer.at > old.at and newer.at <= ${before}::timestamptz)`.execute(
    db,
  );
}

/**
 * Deletes what is older than the policy keeps, in every table that grows. Can be repeated at any time; the
 * same on every engine.
 */
export async function applyRetention(
  store: Store,
  { keptDays }: Pick<AlertingPolicy, 'keptDays'>,
  nowMs: number,
): Promise<void> {
  const before = (days: number) => new Date(nowMs - days * dayMs).toISOString();
  await dropOlder(store, 'event', before(keptDays.events));
  await dropOlder(store, 'telemetry', before(keptDays.telemetry));
  await forgetPassings(store.jobs, before(keptDays.passings));
  await forgetAlerts(store.jobs, before(keptDays.closedAlerts));
  await forgetEpochs(store.jobs, before(keptDays.epochs));
  await forgetStatus(store.jobs, before(keptDays.deviceStatus));
  await sql`delete from event_hour where bucket < ${before(keptDays.eventHours)}::timestamptz`.execute(
    store.jobs,
  );
  await sql`delete from reject where received_at < ${before(keptDays.rejects)}::timestamptz`.execute(
    store.jobs,
  );
}
