import type { Alert, AlertEventType } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import { toAlert } from './alert-store.ts';
import type { Queryable } from './schema.ts';
import { activeOf, isUnresolvedAlert } from './unresolved.ts';

/**
 * The unresolved alerts of these types whose cause is present; none of them ends before this transaction
 * does, so that nothing is hidden behind one that is over.
 */
export async function holdCauses(
  tx: Queryable,
  site: string,
  types: readonly AlertEventType[],
): Promise<Alert[]> {
  const rows = await activeOf(tx, site, types).selectAll().orderBy('id').forShare().execute();
  return rows.map(toAlert);
}

/** Whether what a cause hides is still hidden. */
export async function isCauseActive(tx: Queryable, site: string, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('alert')
    .select('id')
    .where('site', '=', site)
    .where('id', '=', id)
    .where(isUnresolvedAlert)
    .where('condition', '=', 'active')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Alerts that are hidden behind a cause, as far as nobody else is changing them, locked; whether there are
 * more.
 */
export async function alertsHiddenBy(
  tx: Queryable,
  site: string,
  cause: string,
  atMost: number,
): Promise<{ readonly free: readonly Alert[]; readonly isMore: boolean }> {
  const hidden = (limit: number) =>
    tx
      .selectFrom('suppression')
      .innerJoin('alert', (join) =>
        join.onRef('alert.site', '=', 'suppression.site').onRef('alert.id', '=', 'suppression.alert'),
      )
      .where('suppression.site', '=', site)
      .where('suppression.ref', '=', cause)
      .where('suppression.kind', '=', 'inhibition')
      .where('suppression.ended_at', 'is', null)
      .limit(limit);
  const rows = await hidden(atMost)
    .selectAll('alert')
    .orderBy('alert.id')
    .forUpdate('alert')
    .skipLocked()
    .execute();
  const { rows: counted } = await sql<{ count: number }>`select count(*)::integer as count from
    (${hidden(atMost + 1).select('alert.id')}) as found`.execute(tx);
  return { free: rows.map(toAlert), isMore: (counted[0]?.count ?? 0) > rows.length };
}
