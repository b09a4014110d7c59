import type { Alert } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import { toAlert } from './alert-store.ts';
import type { Queryable } from './schema.ts';

const rank = sql<number>`array_position(array['low', 'medium', 'high', 'critical'], severity)`;

/**
 * Alerts that are not closed, most urgent first: severity, then risk, then the oldest; the page after `last`.
 * With `only` only these.
 */
export async function unclosedPage(
  db: Queryable,
  site: string,
  last: Alert | undefined,
  limit: number,
  only?: readonly string[],
): Promise<Alert[]> {
  let query = db
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('state', '<>', 'closed')
    .orderBy(rank, 'desc')
    .orderBy('score', 'desc')
    .orderBy('opened_at')
    .orderBy('id')
    .limit(limit);
  if (only) query = query.where(isOneOf(only));
  if (last) {
    const { severity, risk, openedAt, id } = last;
    const lastRank = sql`array_position(array['low', 'medium', 'high', 'critical'], ${severity}::text)`;
    query = query.where(
      sql<boolean>`(-${rank}, -score, opened_at, id)
        > (-${lastRank}, -(${risk.score}::double precision), ${openedAt}::timestamptz, ${id}::uuid)`,
    );
  }
  return (await query.execute()).map(toAlert);
}

const isOneOf = (ids: readonly string[]) => sql<boolean>`id = any(${sql.val(ids)}::uuid[])`;

/** Which of these alerts are closed: they may be retained though nobody needs them. */
export async function closedAmong(db: Queryable, site: string, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('alert')
    .select('id')
    .where('site', '=', site)
    .where('state', '=', 'closed')
    .where(isOneOf(ids))
    .execute();
  return rows.map(({ id }) => id);
}

/** Ids of alerts that closed at `since` or later: what may still be retained though nobody needs it. */
export async function closedSince(db: Queryable, site: string, since: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('alert')
    .select('id')
    .where('site', '=', site)
    // As the partial index names it; `updated_at` of a closed alert is the same time, and no index holds it.
    .where(sql<boolean>`state = 'closed'`)
    .where('done_at', '>=', since)
    .execute();
  return rows.map(({ id }) => id);
}
