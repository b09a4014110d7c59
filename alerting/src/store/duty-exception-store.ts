import type { DutyException } from '@watchpost/contracts/api';
import { type Selectable, sql } from 'kysely';
import type { KeptPart } from './schema/duty-tables.ts';
import type { Database, Queryable } from './schema.ts';

/** An override, a temporary schedule or a swap as it is kept. */
export interface StoredException {
  readonly site: string;
  readonly id: string;
  readonly rota: string;
  readonly kind: DutyException['kind'];
  readonly state: DutyException['state'];
  readonly from: string;
  readonly until: string;
  readonly parts: readonly KeptPart[];
  readonly asked: string | null;
  readonly reason: string;
  readonly madeAt: string;
  readonly madeBy: { readonly account: string; readonly name: string };
  readonly ended: { readonly at: string; readonly by: string } | null;
}

function toException(row: Selectable<Database['duty_exception']>): StoredException {
  const { site, id, rota, kind, state, parts, asked, reason } = row;
  return {
    ...{ site, id, rota, kind, state, parts, asked, reason },
    from: row.from_at.toISOString(),
    until: row.until_at.toISOString(),
    madeAt: row.made_at.toISOString(),
    madeBy: { account: row.made_by, name: row.made_by_name },
    ended: row.ended_at && { at: row.ended_at.toISOString(), by: row.ended_by ?? '' },
  };
}

/** Which exceptions of a site. */
export interface ExceptionFilter {
  readonly site: string;
  readonly rotas?: readonly string[] | undefined;
  readonly states: readonly DutyException['state'][];
  /** Those that overlap the time from here … */
  readonly from: string;
  /** … to here; absent: for ever. */
  readonly until?: string | undefined;
}

/** In the order in which they were made, so that of two at once the later counts. */
export async function exceptionsOf(
  db: Queryable,
  { site, rotas, states, from, until }: ExceptionFilter,
): Promise<StoredException[]> {
  if (rotas?.length === 0) return [];
  let query = db
    .selectFrom('duty_exception')
    .selectAll()
    .where('site', '=', site)
    .where('state', 'in', states)
    .where('until_at', '>', new Date(from));
  if (rotas) query = query.where('rota', 'in', rotas);
  if (until !== undefined) query = query.where('from_at', '<', new Date(until));
  const rows = await query.orderBy('made_at').orderBy('id').execute();
  return rows.map(toException);
}

/** One exception; with `lock` nobody else changes it until the commit. */
export async function findException(
  db: Queryable,
  sites: readonly string[],
  id: string,
  lock = false,
): Promise<StoredException | undefined> {
  if (sites.length === 0) return undefined;
  const query = db.selectFrom('duty_exception').selectAll().where('site', 'in', sites).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toException(row);
}

/** Stores a new one. */
export async function insertException(tx: Queryable, made: StoredException): Promise<void> {
  const { site, id, rota, kind, state, parts, asked, reason, madeBy } = made;
  await tx
    .insertInto('duty_exception')
    .values({
      ...{ site, id, rota, kind, state, asked, reason, parts: JSON.stringify(parts) },
      ...{ from_at: made.from, until_at: made.until, made_at: made.madeAt },
      ...{ made_by: madeBy.account, made_by_name: madeBy.name },
    })
    .execute();
}

/** It was answered or cancelled. */
export async function settleException(
  tx: Queryable,
  { site, id }: Pick<StoredException, 'site' | 'id'>,
  state: DutyException['state'],
  { at, by }: NonNullable<StoredException['ended']>,
): Promise<void> {
  await tx
    .updateTable('duty_exception')
    .set({ state, ended_at: at, ended_by: by })
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
}

/** Deletes what ended before a time: shifts, exceptions, and rotas without any. */
export async function forgetDuty(db: Queryable, site: string, before: string): Promise<void> {
  for (const table of ['duty_shift', 'duty_exception'] as const)
    await sql`delete from ${sql.table(table)}
      where site = ${site} and until_at < ${before}::timestamptz`.execute(db);
  await sql`delete from duty_handover where site = ${site} and at < ${before}::timestamptz`.execute(db);
  await sql`delete from duty_rota where site = ${site} and ended_at < ${before}::timestamptz`.execute(db);
}
