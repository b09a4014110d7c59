import type { Alert, Suppression } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import { endOf } from '../suppression/suppression.ts';
import { insertRows, rowsOf } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** Writes down which suppressions of alerts began, go on until another time, and ended. */
export async function recordSuppressions(
  tx: Queryable,
  alerts: readonly { readonly before: Alert | undefined; readonly after: Alert }[],
): Promise<void> {
  const has = (list: readonly Suppression[], { kind, ref }: Suppression) =>
    list.some((one) => one.kind === kind && one.ref === ref);
  const held: object[] = [];
  const ended: object[] = [];
  for (const { before, after } of alerts) {
    const { site, id: alert, updatedAt: at, suppressions = [] } = after;
    const known = before?.suppressions ?? [];
    for (const { kind, ref, until } of suppressions)
      if (!known.some((one) => one.kind === kind && one.ref === ref && one.until === until))
        held.push({ site, alert, kind, ref, since_at: at, until_at: until, ended_at: null, ended_by: null });
    for (const gone of before ? known.filter((one) => !has(suppressions, one)) : [])
      ended.push({
        ...{ site, alert, kind: gone.kind, ref: gone.ref, since_at: at, until_at: gone.until, ended_at: at },
        ended_by: before && endOf(before, after, gone),
      });
  }
  await insertRows(
    tx,
    'suppression',
    held,
    sql`on conflict (site, alert, kind, ref) do update set until_at = excluded.until_at,
      since_at = case when suppression.ended_at is null then suppression.since_at else excluded.since_at end,
      ended_at = null, ended_by = null`,
  );
  if (ended.length > 0)
    await sql`update suppression set ended_at = gone.ended_at, ended_by = gone.ended_by
      from ${rowsOf('suppression', ended)} as gone where suppression.site = gone.site
        and suppression.alert = gone.alert and suppression.kind = gone.kind and suppression.ref = gone.ref`.execute(
      tx,
    );
}
