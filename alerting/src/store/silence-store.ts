import type { Alert } from '@watchpost/contracts/alert';
import type { SilenceMatch } from '@watchpost/contracts/api';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { StoredSilence } from '../silences/silence.ts';
import { dangerousKinds } from '../suppression/danger-to-life.ts';
import { toAlert } from './alert-store.ts';
import type { Database, Queryable } from './schema.ts';
import { withinReach, type ZoneReach } from './zone-reach.ts';

function toSilence(row: Selectable<Database['silence']>): StoredSilence {
  const { id, version, purpose, match, hours, reason } = row;
  const done = (at: Date | null, by: string | null, account: string | null) =>
    at && { at: at.toISOString(), by: by ?? '', account: account ?? '' };
  const ended = done(row.ended_at, row.ended_by, row.ended_account);
  return {
    ...{ id, version, purpose, match, hours, reason, timeZone: row.time_zone },
    site: siteIdSchema.parse(row.site),
    from: row.from_at.toISOString(),
    until: row.until_at.toISOString(),
    made: { at: row.made_at.toISOString(), by: row.made_by_name, account: row.made_by },
    signed: done(row.signed_at, row.signed_by, row.signed_account),
    ended: ended && { ...ended, reason: row.ended_why ?? '' },
  };
}

const columnsOf = ({ site, id, version, purpose, match, hours, reason, ...silence }: StoredSilence) => ({
  ...{ site, id, version, purpose, reason, match: JSON.stringify(match) },
  hours: hours === null ? null : JSON.stringify(hours),
  time_zone: silence.timeZone,
  from_at: silence.from,
  until_at: silence.until,
  made_at: silence.made.at,
  made_by: silence.made.account,
  made_by_name: silence.made.by,
  signed_at: silence.signed?.at ?? null,
  signed_by: silence.signed?.by ?? null,
  signed_account: silence.signed?.account ?? null,
  ended_at: silence.ended?.at ?? null,
  ended_by: silence.ended?.by ?? null,
  ended_account: silence.ended?.account ?? null,
  ended_why: silence.ended?.reason ?? null,
});

/** Those of the reach: who is limited to zones has silences whose zones are all among theirs. */
const within = (reach: readonly ZoneReach[]) =>
  withinReach(
    reach,
    (zones) => sql<boolean>`match -> 'zones' <> 'null'::jsonb
      and match -> 'zones' <@ ${JSON.stringify(zones)}::jsonb`,
  );

/** Silences that have not ended at `now` (RFC 3339), or those that have, the newest first. */
export async function silencesWithin(
  db: Queryable,
  reach: readonly ZoneReach[],
  { now, ended, limit }: { readonly now: string; readonly ended: boolean; readonly limit: number },
): Promise<StoredSilence[]> {
  if (reach.length === 0) return [];
  const rows = await db
    .selectFrom('silence')
    .selectAll()
    .where(within(reach))
    .where(
      ended
        ? sql<boolean>`(ended_at is not null or until_at <= ${now}::timestamptz)`
        : sql<boolean>`(ended_at is null and until_at > ${now}::timestamptz)`,
    )
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toSilence);
}

/** One of the reach; with `lock` nobody else changes it, or judges an alert by it, until the commit. */
export async function findSilence(
  db: Queryable,
  reach: readonly ZoneReach[],
  id: string,
  lock = false,
): Promise<StoredSilence | undefined> {
  if (reach.length === 0) return undefined;
  const query = db.selectFrom('silence').selectAll().where(within(reach)).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toSilence(row);
}

/** Stores a new one; false: there is one with its id. */
export async function insertSilence(tx: Queryable, silence: StoredSilence): Promise<boolean> {
  const done = await tx
    .insertInto('silence')
    .values(columnsOf(silence))
    .onConflict((conflict) => conflict.columns(['site', 'id']).doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Stores what a silence says now. */
export async function updateSilence(tx: Queryable, silence: StoredSilence): Promise<void> {
  const { site, id, ...columns } = columnsOf(silence);
  await tx.updateTable('silence').set(columns).where('site', '=', site).where('id', '=', id).execute();
}

/**
 * Silences by which alerts of a site are judged at an instant; whoever wants to change one waits until this
 * transaction is over, so that none is applied that has ended already.
 */
export async function silencesInTime(tx: Queryable, site: string, now: string): Promise<StoredSilence[]> {
  const rows = await tx
    .selectFrom('silence')
    .selectAll()
    .where('site', '=', site)
    .where('ended_at', 'is', null)
    .where('from_at', '<=', new Date(now))
    .where('until_at', '>', new Date(now))
    .orderBy('id')
    .forShare()
    .execute();
  return rows.map(toSilence);
}

/** A silence to be applied: `busy` while somebody changes it; undefined where there is none. */
export async function silenceToApply(
  tx: Queryable,
  site: string,
  id: string,
): Promise<StoredSilence | 'busy' | undefined> {
  const query = tx.selectFrom('silence').where('site', '=', site).where('id', '=', id);
  const row = await query.selectAll().forShare().skipLocked().executeTakeFirst();
  if (row) return toSilence(row);
  return (await query.select('id').executeTakeFirst()) && 'busy';
}

const textList = (values: readonly string[]) => sql.join(values.map((value) => sql.val(value)));

/** `covers` as a condition on rows of `alert`. */
export function coveredBy(match: SilenceMatch): RawBuilder<boolean> {
  const { zones, devices, kinds, highest, danger } = match;
  const lowest = ['critical', 'high', 'medium', 'low'].indexOf(highest);
  const parts = [
    sql`severity_order >= ${sql.lit(lowest)}`,
    ...(zones === null ? [] : [sql`zone in (${textList(zones)})`]),
    ...(devices === null ? [] : [sql`device in (${textList(devices)})`]),
    ...(kinds === null ? [] : [sql`(kind in (${textList(kinds)}) or event_type in (${textList(kinds)}))`]),
    ...(danger ? [] : [sql`kind not in (${textList(dangerousKinds)})`]),
  ];
  return sql<boolean>`(${sql.join(parts, sql` and `)})`;
}

const unresolved = sql`state in ('open', 'acknowledged', 'in_progress')`;

/**
 * Unresolved alerts that a silence has to be applied to: covered and not kept quiet by it until then, unless
 * their severity rose meanwhile, or kept quiet by it and not to be. `until` undefined: it does not hold.
 */
export async function alertsToApply(
  tx: Queryable,
  { site, id, purpose, match }: Pick<StoredSilence, 'site' | 'id' | 'purpose' | 'match'>,
  until: string | undefined,
  limit: number,
): Promise<string[]> {
  const held = (more: object) => JSON.stringify([{ kind: 'silence', ref: id, ...more }]);
  const isHeld = sql`coalesce(suppressed @> ${held({})}::jsonb, false)`;
  const broken = sql`exists (select from suppression where suppression.site = alert.site
    and suppression.alert = alert.id and suppression.ref = ${id} and suppression.ended_by = 'severity')`;
  const begins =
    until === undefined
      ? sql`false`
      : sql`(${coveredBy(match)} and not coalesce(suppressed @> ${held({ until })}::jsonb, false)
          and ${purpose === 'walk_test' ? isHeld : sql`not ${broken}`})`;
  const ends = until === undefined ? isHeld : sql`(${isHeld} and not ${coveredBy(match)})`;
  const { rows } = await sql<{ id: string }>`select id from alert where site = ${site} and ${unresolved}
    and (${begins} or ${ends}) order by id limit ${sql.lit(limit)}`.execute(tx);
  return rows.map((row) => row.id);
}

/** How many unresolved alerts a silence would cover now. */
export async function countCovered(db: Queryable, site: string, match: SilenceMatch): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from alert
    where site = ${site} and ${unresolved} and ${coveredBy(match)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** When alerts opened since a time that a silence would have covered were opened; the newest first. */
export async function openedCovered(
  db: Queryable,
  site: string,
  match: SilenceMatch,
  since: string,
  limit: number,
): Promise<{ readonly openedMs: number; readonly danger: boolean }[]> {
  const all = { ...match, danger: true };
  const { rows } = await sql<{ opened_at: Date; danger: boolean }>`select opened_at,
      kind in (${textList(dangerousKinds)}) as danger
    from alert where site = ${site} and opened_at >= ${since}::timestamptz and ${coveredBy(all)}
    order by opened_at desc limit ${sql.lit(limit)}`.execute(db);
  return rows.map(({ opened_at: at, danger }) => ({ openedMs: at.getTime(), danger }));
}

/** How many alerts silences keep quiet now, and have ever. */
export async function hiddenBy(
  db: Queryable,
  site: string,
  ids: readonly string[],
): Promise<Map<string, { readonly hides: number; readonly hid: number }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ ref: string; hides: number; hid: number }>`select ref,
      count(*) filter (where ended_at is null)::integer as hides, count(*)::integer as hid
    from suppression where site = ${site} and kind = 'silence' and ref in (${sql.join(ids)}) group by ref`.execute(
    db,
  );
  return new Map(rows.map(({ ref, hides, hid }) => [ref, { hides, hid }]));
}

/** Alerts that a silence has kept quiet, the newest first. */
export async function alertsHiddenBy(
  db: Queryable,
  site: string,
  id: string,
  limit: number,
): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alert')
    .innerJoin('suppression', (join) =>
      join.onRef('suppression.site', '=', 'alert.site').onRef('suppression.alert', '=', 'alert.id'),
    )
    .selectAll('alert')
    .where('suppression.site', '=', site)
    .where('suppression.kind', '=', 'silence')
    .where('suppression.ref', '=', id)
    .orderBy('suppression.since_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toAlert);
}

/** Notices to the receivers of a person about something of theirs; gives how many there are. */
export async function writeOwnNotices(
  tx: Queryable,
  account: string,
  { site, subject, seq, at }: { site: string; subject: string; seq: number; at: string },
): Promise<number> {
  const { rows } =
    await sql`insert into notice (site, id, subject, receiver, channel, seq, kind, severity, urgent,
      at, made_at, due_at)
    select receiver.site, gen_random_uuid(), ${subject}, receiver.id, receiver.channel, ${sql.lit(seq)}, 'reminder',
      'low', false, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
    from receiver join account on account.name = receiver.account
    where receiver.site = ${site} and receiver.off_at is null and account.id::text = ${account}
    on conflict do nothing returning id`.execute(tx);
  return rows.length;
}

/** Deletes silences that ended before a time, RFC 3339. */
export async function forgetSilences(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from silence where site = ${site} and until_at < ${before}::timestamptz`.execute(db);
}
