import { sql } from 'kysely';
import { type AlertingPolicy, defaultPolicy } from '../policy.ts';
import { forgetArming } from './arming-store.ts';
import { forgetCanaries } from './canary-store.ts';
import { forgetCandidateCounts } from './candidate-store.ts';
import { forgetDuty } from './duty-exception-store.ts';
import { forgetIncidents } from './incident-store.ts';
import { forgetDigests } from './late-digest-store.ts';
import type { Store } from './open-store.ts';
import { changesForgottenAtOnce } from './policy.ts';
import { forgetResponse } from './response-store.ts';
import type { Queryable } from './schema.ts';
import { forgetSeen } from './seen-store.ts';
import { forgetSilences } from './silence-store.ts';
import { keptDaysBySite } from './site-store.ts';
import { forgetWarnings } from './warning-store.ts';

const dayMs = 86_400_000;

type KeptDays = AlertingPolicy['keptDays'];
/** How long the data of each site is kept. */
type Kept = ReadonlyMap<string, KeptDays>;

/** Whole chunks where there are any and no site keeps them, rows otherwise. */
async function dropOlder(
  store: Store,
  table: 'event' | 'telemetry',
  kept: Kept,
  before: (days: number) => string,
): Promise<void> {
  const { hypertables, policies } = store.capabilities;
  const daysOf = (days: KeptDays) => (table === 'event' ? days.events : days.telemetry);
  const longest = Math.max(...[...kept.values()].map(daysOf));
  // An older version left this to the database, with numbers of its own.
  if (policies)
    await sql`select remove_retention_policy(${sql.lit(table)}, if_exists => true)`.execute(store.jobs);
  if (hypertables)
    await sql`select drop_chunks(${sql.lit(table)}, ${sql.lit(before(longest))}::timestamptz)`.execute(
      store.jobs,
    );
  for (const [site, days] of kept)
    if (!hypertables || daysOf(days) < longest)
      await sql`delete from ${sql.table(table)}
        where site = ${site} and time < ${before(daysOf(days))}::timestamptz`.execute(store.jobs);
}

/** Passings of people who may pass say where somebody was: they go early. */
async function forgetPassings(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from event where site = ${site} and time < ${before}::timestamptz
    and (type = 'watchpost.pass.accepted.v1'
      or (type = 'watchpost.face.candidate.v1' and data ->> 'list' = 'access'))`.execute(db);
}

/**
 * Passes and where they were used, after they ended: until then a use is needed for counting, however old.
 */
async function forgetPasses(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from pass_use where site = ${site} and pass_end < ${before}::timestamptz`.execute(db);
  await sql`delete from pass where site = ${site} and not_after < ${before}::timestamptz`.execute(db);
}

/** Alerts that closed long ago, with their history, which nothing else may delete. */
async function forgetAlerts(db: Queryable, site: string, before: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`set local watchpost.retention = 'on'`.execute(tx);
    await sql`delete from alert_change using alert where alert_change.site = ${site}
      and alert.site = ${site} and alert_change.alert = alert.id
      and alert.state = 'closed' and alert.updated_at < ${before}::timestamptz`.execute(tx);
    await sql`delete from alert where site = ${site} and state = 'closed'
      and updated_at < ${before}::timestamptz`.execute(tx);
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
async function forgetEpochs(db: Queryable, site: string, before: string): Promise<void> {
  const old = sql`select site, gateway, epoch from gateway_epoch as one where site = ${site}
    and last_seen < ${before}::timestamptz
    and exists (select from gateway_epoch as newer where newer.site = one.site and newer.gateway = one.gateway
      and newer.last_seen > one.last_seen)`;
  await db.transaction().execute(async (tx) => {
    for (const table of ['gateway_above', 'gateway_day', 'gateway_epoch'] as const)
      await sql`delete from ${sql.table(table)} where (site, gateway, epoch) in (${old})`.execute(tx);
  });
}

/** Who was told of what; what is known of an incident that goes on stays, for its end is told to the same. */
async function forgetNotices(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from notice where site = ${site} and made_at < ${before}::timestamptz
    and state not in ('waiting', 'sending') and not exists (select from incident
      where incident.site = notice.site and incident.id::text = notice.subject and incident.closed_at is null)`.execute(
    db,
  );
}

/** By which steps people were told of what is over. */
async function forgetRuns(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from escalation where site = ${site} and state = 'over'
    and changed_at < ${before}::timestamptz`.execute(db);
}

/** Work of a site that does not run any more; what runs carries its own out long before. */
async function forgetDue(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from due where site = ${site} and at < ${before}::timestamptz and at > 'epoch'::timestamptz`.execute(
    db,
  );
}

/** What a device was at the beginning of what is kept stays, however long ago that began. */
async function forgetStatus(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from device_status as old where site = ${site} and at < ${before}::timestamptz
    and exists (select from device_status as newer where newer.site = old.site and newer.device = old.device
      and newer.at > old.at and newer.at <= ${before}::timestamptz)`.execute(db);
}

/**
 * Deletes what is older than the policy of its site keeps, in every table that grows: of `sites`, and of
 * sites that ran here once, by what they kept then. Can be repeated at any time; the same on every engine.
 */
export async function applyRetention(store: Store, sites: Kept, nowMs: number): Promise<void> {
  const { jobs } = store;
  const before = (days: number) => new Date(nowMs - days * dayMs).toISOString();
  const kept = new Map(sites);
  for (const [site, days] of await keptDaysBySite(jobs))
    if (!kept.has(site)) kept.set(site, days ?? defaultPolicy.keptDays);
  if (kept.size === 0) return;
  await dropOlder(store, 'event', kept, before);
  await dropOlder(store, 'telemetry', kept, before);
  for (const [site, days] of kept) {
    await forgetCanaries(jobs, site);
    await forgetPassings(jobs, site, before(days.passings));
    await forgetPasses(jobs, site, before(days.passings));
    await forgetAlerts(jobs, site, before(days.closedAlerts));
    await forgetSeen(jobs, site);
    await forgetIncidents(jobs, site, before(days.closedAlerts));
    await forgetWarnings(jobs, site, before(days.closedAlerts));
    await forgetDuty(jobs, site, before(days.duty));
    await forgetResponse(jobs, site, before(days.response ?? defaultPolicy.keptDays.response));
    await forgetSilences(jobs, site, before(days.duty));
    await forgetArming(jobs, site, before(days.duty));
    await forgetEpochs(jobs, site, before(days.epochs));
    await forgetNotices(jobs, site, before(days.notices ?? defaultPolicy.keptDays.notices));
    await forgetDigests(jobs, site, before(days.notices ?? defaultPolicy.keptDays.notices));
    await forgetRuns(jobs, site, before(days.notices ?? defaultPolicy.keptDays.notices));
    await forgetDue(jobs, site, before(days.closedAlerts));
    await forgetStatus(jobs, site, before(days.deviceStatus));
    await sql`delete from event_hour
      where site = ${site} and bucket < ${before(days.eventHours)}::timestamptz`.execute(jobs);
    await forgetCandidateCounts(jobs, site, before(days.eventHours).slice(0, 10));
    await sql`delete from reject
      where site = ${site} and received_at < ${before(days.rejects)}::timestamptz`.execute(jobs);
  }
}
