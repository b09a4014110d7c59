import { sql } from 'kysely';
import type { NoticeRow } from './notice-store.ts';
import type { Queryable } from './schema.ts';

export type LoggedRow = NoticeRow;

/** Which notices are wanted. */
export interface NoticeLogQuery {
  readonly receiver: string | undefined;
  readonly subject: string | undefined;
  /** The last one of the page before. */
  readonly after: { readonly madeAtMs: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Notices of a site, those that were made last first. */
export async function noticeLog(
  db: Queryable,
  site: string,
  { receiver, subject, after, limit }: NoticeLogQuery,
): Promise<LoggedRow[]> {
  let query = db.selectFrom('notice').selectAll().where('site', '=', site);
  if (receiver !== undefined) query = query.where('receiver', '=', receiver);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  if (after) {
    const madeAt = sql`${new Date(after.madeAtMs).toISOString()}::timestamptz`;
    query = query.where(
      sql<boolean>`(made_at < ${madeAt} or (made_at = ${madeAt} and id > ${after.id}::uuid))`,
    );
  }
  return query.orderBy('made_at', 'desc').orderBy('id').limit(limit).execute();
}
