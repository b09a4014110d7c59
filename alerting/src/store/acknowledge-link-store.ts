import type { NoticeLanguage } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** What is known of the notice that carried a link, and of its receiver now. */
export interface LinkedNotice {
  readonly site: string;
  readonly id: string;
  readonly subject: string;
  readonly seq: number;
  readonly channel: string;
  readonly language: NoticeLanguage;
  /** Id of the account of the person whose receiver it is, verified and in use; null otherwise. */
  readonly person: string | null;
  readonly usedAt: Date | null;
}

/** The notice with this id on one of these sites. */
export async function findLinkedNotice(
  db: Queryable,
  sites: readonly string[],
  id: string,
): Promise<LinkedNotice | undefined> {
  if (sites.length === 0) return undefined;
  const { rows } = await sql<LinkedNotice>`select notice.site, notice.id, notice.subject, notice.seq,
      notice.channel, receiver.language, notice.link_used_at as "usedAt",
      case when receiver.off_at is null and receiver.verified_at is not null then
        (select account.id::text from account where account.name = receiver.account) end as person
    from notice join receiver on receiver.site = notice.site and receiver.id = notice.receiver
    where notice.site in (${sql.join(sites)}) and notice.id = ${id}::uuid`.execute(db);
  return rows[0];
}

/** Uses the link of a notice up; false where it was. */
export async function useLink(
  tx: Queryable,
  { site, id }: Pick<LinkedNotice, 'site' | 'id'>,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('notice')
    .set({ link_used_at: new Date(nowMs).toISOString() })
    .where('site', '=', site)
    .where('id', '=', id)
    .where('link_used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
