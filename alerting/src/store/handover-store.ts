import type { Handover, HandoverReport } from '@watchpost/contracts/api';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { type Selectable, sql } from 'kysely';
import { systemActor } from '../alerts/alert-lifecycle.ts';
import type { Database, Queryable } from './schema.ts';

/** A hand-over as it is kept: without the name of its rota. */
export type StoredHandover = Omit<Handover, 'rotaName'>;

function toHandover(row: Selectable<Database['duty_handover']>): StoredHandover {
  return {
    ...{ site: siteIdSchema.parse(row.site), id: row.id, rota: row.rota, at: row.at.toISOString() },
    shift: { from: row.shift_from.toISOString(), until: row.shift_until.toISOString() },
    giver: { id: row.giver, name: row.giver_name },
    taker: { id: row.taker, name: row.taker_name },
    signedAt: row.signed_at?.toISOString() ?? null,
    ...{ notes: row.notes, remark: row.remark, report: row.report },
  };
}

/** One hand-over of these rotas; with `lock` nobody else changes it until the commit. */
export async function findHandover(
  db: Queryable,
  sites: readonly string[],
  id: string,
  lock = false,
): Promise<StoredHandover | undefined> {
  if (sites.length === 0) return undefined;
  const query = db.selectFrom('duty_handover').selectAll().where('site', 'in', sites).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toHandover(row);
}

/** Hand-overs of these rotas before a time, the newest first. */
export async function handoversOf(
  db: Queryable,
  rotas: readonly string[],
  { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<StoredHandover[]> {
  if (rotas.length === 0) return [];
  let query = db.selectFrom('duty_handover').selectAll().where('rota', 'in', rotas);
  if (before !== undefined) query = query.where('at', '<', new Date(before));
  const rows = await query.orderBy('at', 'desc').orderBy('id').limit(limit).execute();
  return rows.map(toHandover);
}

/** Stores a new one, which who hands over has signed. */
export async function insertHandover(tx: Queryable, made: StoredHandover): Promise<void> {
  const { site, id, rota, at, shift, giver, taker, notes, report } = made;
  await tx
    .insertInto('duty_handover')
    .values({
      ...{ site, id, rota, at, notes, report: JSON.stringify(report) },
      ...{ shift_from: shift.from, shift_until: shift.until },
      ...{ giver: giver.id, giver_name: giver.name, taker: taker.id, taker_name: taker.name },
    })
    .execute();
}

/** Who takes over has signed it. */
export async function signHandover(
  tx: Queryable,
  { site, id }: Pick<StoredHandover, 'site' | 'id'>,
  { taker, remark, at }: { readonly taker: Handover['taker']; readonly remark: string; readonly at: string },
): Promise<void> {
  const change = tx
    .updateTable('duty_handover')
    .set({ signed_at: at, remark, taker: taker.id, taker_name: taker.name });
  await change.where('site', '=', site).where('id', '=', id).execute();
}

type Decided = HandoverReport['decided'][number];

/** Steps that people took on alerts of a site since a time, the first first, and how many there are. */
export async function decidedSince(
  db: Queryable,
  site: string,
  zones: readonly string[] | null,
  { from, until, limit }: { readonly from: string; readonly until: string; readonly limit: number },
): Promise<{ readonly decided: Decided[]; readonly total: number }> {
  const { rows } = await sql<Omit<Decided, 'at'> & { readonly at: Date; readonly total: number }>`
    select alert.id::text as alert, alert.event_type as "eventType", alert.zone, alert.severity,
      change.to_state as "to", change.disposition, change.actor as by, change.at,
      (count(*) over ())::integer as total
    from alert_change as change join alert on alert.site = change.site and alert.id = change.alert
    where change.site = ${site} and change.to_state is not null and change.actor is not null
      and change.to_state <> 'open' and change.actor <> ${systemActor}
      and change.at >= ${from}::timestamptz and change.at <= ${until}::timestamptz
      and ${zones === null ? sql`true` : sql`alert.zone in (${sql.join([...zones])})`}
    order by change.position limit ${limit}`.execute(db);
  return {
    decided: rows.map(({ total: _total, at, ...row }) => ({ ...row, at: at.toISOString() })),
    total: rows[0]?.total ?? 0,
  };
}
