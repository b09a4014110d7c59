import { sql } from 'kysely';
import type { DueKind, DuePayload, DueRow, DueStep } from '../jobs/due-step.ts';
import { insertRows } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** Work of one kind and site. */
export interface DueLane {
  readonly site: string;
  readonly kind: DueKind;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Writes work; of what is there already the newer version stays, or with `keep` what is there. */
export async function writeDue(tx: Queryable, rows: readonly DueRow[], keep = false): Promise<void> {
  const newest = new Map(rows.map((row) => [`${row.site} ${row.kind} ${row.key}`, row]));
  const columns = [...newest.values()].map(({ site, kind, key, atMs, version, waitMs, payload }) => ({
    ...{ site, kind, key, version },
    at: iso(atMs),
    payload: payload ?? {},
    wait_ms: waitMs ?? null,
    attempts: 0,
    fence: 0,
  }));
  const replacing = sql`do update set at = excluded.at, version = excluded.version, payload = excluded.payload,
    wait_ms = excluded.wait_ms, attempts = 0, fence = excluded.fence where due.fence <= excluded.fence`;
  await insertRows(
    tx,
    'due',
    columns,
    sql`on conflict (site, kind, key) ${keep ? sql`do nothing` : replacing}`,
  );
}

/** Takes work away that need not be done any more. */
export async function dropDue(
  tx: Queryable,
  site: string,
  pieces: readonly Pick<DueRow, 'kind' | 'key'>[],
): Promise<void> {
  if (pieces.length === 0) return;
  const gone = pieces.map(({ kind, key }) => ({ kind, key }));
  await sql`delete from due using jsonb_to_recordset(${JSON.stringify(gone)}::jsonb) as gone(kind text, key text)
    where due.site = ${site} and due.kind = gone.kind and due.key = gone.key`.execute(tx);
}

interface TakenRow {
  readonly key: string;
  readonly at: Date;
  readonly version: number;
  readonly payload: DuePayload;
  readonly attempts: number;
}

/**
 * Takes what is due out of a lane, oldest first, as far as nobody else has it; back it goes only with the
 * transaction. With `key`, that piece alone. By `ctid`: joined by its key, a table that just filled is read
 * whole for each part, as nobody has counted its rows yet.
 */
export async function takeDue(
  tx: Queryable,
  { site, kind }: DueLane,
  nowMs: number,
  limit: number,
  key?: string,
): Promise<DueStep[]> {
  const { rows } = await sql<TakenRow>`with taken as materialized (
      select ctid from due where site = ${site} and kind = ${kind} and at <= ${iso(nowMs)}::timestamptz
        ${key === undefined ? sql`` : sql`and key = ${key}`}
      order by at limit ${sql.lit(limit)} for update skip locked
    ) delete from due where ctid = any (array(select ctid from taken))
    returning due.key, due.at, due.version, due.payload, due.attempts`.execute(tx);
  return rows
    .map(({ at, ...row }) => ({ site, kind, ...row, atMs: at.getTime() }))
    .sort((a, b) => a.atMs - b.atMs);
}

/** Keys of what is due in a lane, oldest first. */
export async function dueKeys(
  db: Queryable,
  { site, kind }: DueLane,
  nowMs: number,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('due')
    .select('key')
    .where('site', '=', site)
    .where('kind', '=', kind)
    .where('at', '<=', new Date(nowMs))
    .orderBy('at')
    .limit(limit)
    .execute();
  return rows.map(({ key }) => key);
}

/**
 * When the next piece of each lane is due, milliseconds since the Unix epoch; lanes without one are missing.
 */
export async function nextDue(
  db: Queryable,
  lanes: readonly DueLane[],
): Promise<(DueLane & { readonly atMs: number })[]> {
  const { rows } = await sql<DueLane & { readonly at: Date }>`select lane.site, lane.kind, next.at
    from jsonb_to_recordset(${JSON.stringify(lanes)}::jsonb) as lane(site text, kind text)
    cross join lateral (select at from due where due.site = lane.site and due.kind = lane.kind
      order by at limit 1) as next`.execute(db);
  return rows.map(({ site, kind, at }) => ({ site, kind, atMs: at.getTime() }));
}

/** Puts off a piece that failed, unless another one took its place meanwhile. */
export async function putOffDue(
  db: Queryable,
  { site, kind }: DueLane,
  key: string,
  nowMs: number,
  pauseMs: (attempts: number) => number,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('due')
      .select('attempts')
      .where('site', '=', site)
      .where('kind', '=', kind)
      .where('key', '=', key)
      .where('at', '<=', new Date(nowMs))
      .forUpdate()
      .executeTakeFirst();
    if (!row) return;
    await tx
      .updateTable('due')
      .set({ attempts: row.attempts + 1, at: iso(nowMs + pauseMs(row.attempts)) })
      .where('site', '=', site)
      .where('kind', '=', kind)
      .where('key', '=', key)
      .execute();
  });
}

/**
 * The clock was set from `fromMs` to `toMs`. What waits for a time to pass waits as long as before; what was
 * written by a clock that was wrong even then is left to the one that is right now.
 */
export async function moveDue(
  db: Queryable,
  sites: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<void> {
  await sql`update due set at = at + ${`${toMs - fromMs} milliseconds`}::interval
    where site in (${sql.join(sites)}) and wait_ms is not null and at > ${iso(fromMs)}::timestamptz
      and at <= ${iso(fromMs)}::timestamptz + wait_ms * interval '1 millisecond'`.execute(db);
}

/** What lies further ahead than it was to wait was written by another clock: it waits from now on. */
export async function limitDue(db: Queryable, sites: readonly string[], nowMs: number): Promise<void> {
  await sql`update due set at = ${iso(nowMs)}::timestamptz + wait_ms * interval '1 millisecond'
    where site in (${sql.join(sites)}) and wait_ms is not null
      and at > ${iso(nowMs)}::timestamptz + wait_ms * interval '1 millisecond'`.execute(db);
}
