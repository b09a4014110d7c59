import type { Alert } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import { toAlert } from './alert-store.ts';
import type { Queryable } from './schema.ts';

/**
 * Which alerts a consumer may not know as they are, by the log of changes: those that changed after the
 * position that it acknowledged, and, in case it has lost some of that, the newest ones of before.
 */
export interface ChangedSince {
  readonly acknowledged: number;
  /** Of the changes up to that position, those after this one and not older than `againFrom`. */
  readonly againAfter: number;
  readonly againFrom: Date;
}

const rank = sql<number>`array_position(array['low', 'medium', 'high', 'critical'], severity)`;

/**
 * Alerts that are not closed, most urgent first: severity, then risk, then the oldest; the page after `last`.
 * With `since` only those that changed.
 */
export async function unclosedPage(
  db: Queryable,
  site: string,
  last: Alert | undefined,
  limit: number,
  since?: ChangedSince,
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
  if (since) query = query.where(hasChanged(site, since));
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

function hasChanged(site: string, { acknowledged, againAfter, againFrom }: ChangedSince) {
  return sql<boolean>`id in (select alert from alert_change where site = ${site}
    and position > ${Math.min(acknowledged, againAfter)}
    and (position > ${acknowledged} or at >= ${againFrom.toISOString()}::timestamptz))`;
}

/** Ids of closed alerts that changed: they may be retained though nobody needs them. */
export async function closedAmong(db: Queryable, site: string, since: ChangedSince): Promise<string[]> {
  const rows = await db
    .selectFrom('alert')
    .select('id')
    .where('site', '=', site)
    .where('state', '=', 'closed')
    .where(hasChanged(site, since))
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
