import type { ListKind, SimilarityBand } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import { insertRows } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** Candidates of one camera, list, similarity and UTC day. No person stands behind them. */
export interface CandidateCount {
  readonly site: string;
  readonly device: string;
  readonly list: ListKind;
  readonly band: SimilarityBand;
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly shown: number;
  readonly confirmed: number;
  readonly refused: number;
}

/** Adds to the counts, or takes away; in the order in which they are given. */
export async function addCandidateCounts(tx: Queryable, counts: readonly CandidateCount[]): Promise<void> {
  await insertRows(
    tx,
    'candidate_count',
    counts,
    sql`on conflict (site, device, list, band, day) do update set
      shown = candidate_count.shown + excluded.shown,
      confirmed = candidate_count.confirmed + excluded.confirmed,
      refused = candidate_count.refused + excluded.refused`,
  );
}

/** What a camera expected of people on no list, in a time in which it said so. */
export interface ExpectedCandidates {
  readonly site: string;
  readonly device: string;
  readonly list: ListKind;
  readonly day: string;
  readonly false_candidates: number;
  readonly seconds: number;
}

/** Adds what is to be expected of a further stretch of time. */
export async function addExpected(db: Queryable, rows: readonly ExpectedCandidates[]): Promise<void> {
  await insertRows(
    db,
    'candidate_expected',
    rows,
    sql`on conflict (site, device, list, day) do update set
      false_candidates = candidate_expected.false_candidates + excluded.false_candidates,
      seconds = candidate_expected.seconds + excluded.seconds`,
  );
}

/** The share of each list in the active entries of a site; none where it has no entries. */
export async function listShares(db: Queryable, site: string): Promise<Map<ListKind, number>> {
  const rows = await db
    .selectFrom('list_entry')
    .select(['list', sql<number>`count(*)::integer`.as('entries')])
    .where('site', '=', site)
    .where('state', '=', 'active')
    .groupBy('list')
    .execute();
  const all = rows.reduce((sum, { entries }) => sum + entries, 0);
  return new Map(rows.map(({ list, entries }) => [list, entries / all]));
}

/** Sums from a day on, YYYY-MM-DD, by camera, list and similarity. */
export async function candidateSums(
  db: Queryable,
  sites: readonly string[],
  from: string,
): Promise<Omit<CandidateCount, 'day'>[]> {
  const { rows } = await sql<Omit<CandidateCount, 'day'>>`select site, device, list, band,
      sum(shown)::integer as shown, sum(confirmed)::integer as confirmed, sum(refused)::integer as refused
    from candidate_count where site = any (${[...sites]}::text[]) and day >= ${from}::date
    group by site, device, list, band order by site, device, list, band`.execute(db);
  return rows;
}

/** Sums of what was expected from a day on, YYYY-MM-DD. */
export async function expectedSums(
  db: Queryable,
  sites: readonly string[],
  from: string,
): Promise<Omit<ExpectedCandidates, 'day'>[]> {
  const { rows } = await sql<Omit<ExpectedCandidates, 'day'>>`select site, device, list,
      sum(false_candidates) as false_candidates, sum(seconds)::integer as seconds
    from candidate_expected where site = any (${[...sites]}::text[]) and day >= ${from}::date
    group by site, device, list order by site, device, list`.execute(db);
  return rows;
}

/** Deletes counts of days before one, YYYY-MM-DD. */
export async function forgetCandidateCounts(db: Queryable, site: string, before: string): Promise<void> {
  for (const table of ['candidate_count', 'candidate_expected'] as const)
    await sql`delete from ${sql.table(table)} where site = ${site} and day < ${before}::date`.execute(db);
}

const dayMs = 86_400_000;

/** What stands in the place of an entry that is forgotten. */
const forgotten = 'refused';

/**
 * Takes the entry out of closed alerts whose candidate was refused, out of their history and events: that
 * somebody was mistaken for an entry at this place and time is nobody's to know. Similarity and camera stay.
 * @returns how many alerts it was
 */
export async function forgetRefused(db: Queryable, site: string, atMost: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // As the partial index names it.
    const { rows } = await sql<{ id: string; openedAt: Date; device: string }>`
      select id, device, opened_at as "openedAt" from alert where site = ${site}
        and event_type = 'watchpost.face.candidate.v1' and state = 'closed'
        and disposition in ('false', 'nuisance') and details ? 'entry'
      order by id limit ${atMost} for update`.execute(tx);
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    await sql`set local watchpost.forgetting = 'on'`.execute(tx);
    await sql`update alert set details = details - 'entry',
        group_key = device || ' ' || event_type || ' ' || ${forgotten} || '/' || id
      where site = ${site} and id = any (${ids}::uuid[])`.execute(tx);
    // Each as an index names it.
    for (const step of [sql`to_state is not null`, sql`to_state is null`])
      await sql`update alert_change set snapshot = snapshot #- '{details,entry}'
        where site = ${site} and alert = any (${ids}::uuid[]) and ${step} and snapshot is not null`.execute(
        tx,
      );
    const earliest = Math.min(...rows.map(({ openedAt }) => openedAt.getTime()));
    await sql`update event set data = jsonb_set(data, '{entry}', to_jsonb(${forgotten}::text))
      where site = ${site} and device = any (${[...new Set(rows.map(({ device }) => device))]}::text[])
        and time >= ${new Date(earliest - dayMs).toISOString()}::timestamptz
        and type = 'watchpost.face.candidate.v1' and alert = any (${ids}::uuid[])`.execute(tx);
    return rows.length;
  });
}
