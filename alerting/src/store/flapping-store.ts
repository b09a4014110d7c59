import type { Alert } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** Writes down that the cause of an alert came or went; returns how often it did since then, with this. */
export async function noteConditionChange(
  tx: Queryable,
  { site, id, version, updatedAt }: Alert,
  sinceMs: number,
): Promise<number> {
  const since = new Date(sinceMs).toISOString();
  await tx
    .insertInto('condition_change')
    .values({ site, alert: id, version, at: updatedAt })
    .onConflict((conflict) => conflict.columns(['site', 'alert', 'version']).doNothing())
    .execute();
  await tx
    .deleteFrom('condition_change')
    .where('site', '=', site)
    .where('alert', '=', id)
    .where('at', '<', new Date(since))
    .execute();
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from condition_change
    where site = ${site} and alert = ${id}::uuid`.execute(tx);
  return rows[0]?.count ?? 0;
}
