import type { WarningList, WarningState } from '@watchpost/contracts/api';
import type { SiteId } from '@watchpost/contracts/wire';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';

export type WarningRow = Selectable<Database['warning_message']>;

/** Holds the warnings of a site to the end of the transaction: one after the other changes them. */
export const lockWarnings = (tx: Queryable, site: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`warnings ${site}`}, 0))`.execute(tx);

/** What somebody said of a sender; undefined where nobody has. */
export async function warningSender(
  db: Queryable,
  site: string,
  sender: string,
): Promise<'accepted' | 'refused' | undefined> {
  const row = await db
    .selectFrom('warning_sender')
    .select('state')
    .where('site', '=', site)
    .where('sender', '=', sender)
    .executeTakeFirst();
  return row?.state;
}

/** Says it; false where there are as many senders as there may be. */
export async function saveWarningSender(
  tx: Queryable,
  { site, sender, state, at }: { site: string; sender: string; state: 'accepted' | 'refused'; at: string },
  atMost: number,
): Promise<boolean> {
  const { rows } = await sql`insert into warning_sender (site, sender, state, at)
    select ${site}, ${sender}, ${state}, ${at}::timestamptz
    where (select count(*) from warning_sender where site = ${site}) < ${atMost}
      or exists (select from warning_sender where site = ${site} and sender = ${sender})
    on conflict (site, sender) do update set state = excluded.state, at = excluded.at
    returning sender`.execute(tx);
  return rows.length > 0;
}

/** The messages of a sender with one of these identifiers. */
export async function messagesOf(
  db: Queryable,
  site: string,
  sender: string,
  identifiers: readonly string[],
): Promise<WarningRow[]> {
  if (identifiers.length === 0) return [];
  return db
    .selectFrom('warning_message')
    .selectAll()
    .where('site', '=', site)
    .where('sender', '=', sender)
    .where('identifier', 'in', [...identifiers])
    .execute();
}

/** The messages of a sender that are in this state, as they were sent. */
export async function messagesIn(
  db: Queryable,
  site: string,
  sender: string,
  state: WarningState,
): Promise<WarningRow[]> {
  return db
    .selectFrom('warning_message')
    .selectAll()
    .where('site', '=', site)
    .where('sender', '=', sender)
    .where('state', '=', state)
    .orderBy('sent')
    .orderBy('received_at')
    .execute();
}

/** Stores or changes a message. */
export async function saveMessage(
  tx: Queryable,
  row: Insertable<Database['warning_message']>,
): Promise<void> {
  const { state, warning, holds, expires_at, severity, text, area } = row;
  await tx
    .insertInto('warning_message')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['site', 'id'])
        .doUpdateSet({ state, warning, holds, expires_at, severity, text, area }),
    )
    .execute();
}

/** No message of a warning is the newest one any more; whether one was. */
export async function releaseWarning(tx: Queryable, site: string, warning: string): Promise<WarningRow[]> {
  return tx
    .updateTable('warning_message')
    .set({ holds: false })
    .where('site', '=', site)
    .where('warning', '=', warning)
    .where('holds', '=', true)
    .returningAll()
    .execute();
}

/** Warnings of a site that hold and are over by then. */
export async function overdueWarnings(db: Queryable, site: string, now: string): Promise<WarningRow[]> {
  return db
    .selectFrom('warning_message')
    .selectAll()
    .where('site', '=', site)
    .where('holds', '=', true)
    .where('expires_at', '<=', new Date(now))
    .execute();
}

/** Of what waits in quarantine so many stay, the newest. */
export async function trimQuarantine(tx: Queryable, site: string, atMost: number): Promise<void> {
  await sql`delete from warning_message where site = ${site} and id in (
    select id from warning_message where site = ${site} and state = 'quarantined'
    order by received_at desc, id offset ${sql.lit(atMost)})`.execute(tx);
}

/** Who sends, and the newest messages. */
export async function listWarnings(
  db: Queryable,
  sites: readonly string[],
  atMost: number,
): Promise<{ readonly senders: WarningList['senders']; readonly messages: WarningRow[] }> {
  if (sites.length === 0) return { senders: [], messages: [] };
  const { rows } = await sql<{
    site: SiteId;
    sender: string;
    state: 'accepted' | 'refused' | 'unknown';
    messages: number;
    last_at: Date | null;
  }>`select site, sender, coalesce(known.state, 'unknown') as state, coalesce(sent.messages, 0) as messages, sent.last_at
    from (select site, sender, state from warning_sender where site in (${sql.join(sites)})) as known
    full join (select site, sender, count(*)::integer as messages, max(received_at) as last_at from warning_message
      where site in (${sql.join(sites)}) group by site, sender) as sent using (site, sender)
    order by site, sender limit 1000`.execute(db);
  const messages = await db
    .selectFrom('warning_message')
    .selectAll()
    .where('site', 'in', [...sites])
    .orderBy('received_at', 'desc')
    .orderBy('id')
    .limit(atMost)
    .execute();
  const senders = rows.map(({ last_at: lastAt, ...row }) => ({
    ...row,
    lastAt: lastAt?.toISOString() ?? null,
  }));
  return { senders, messages };
}

/** Erases messages of before then that hold no more. */
export async function forgetWarnings(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from warning_message where site = ${site} and not holds
    and received_at < ${before}::timestamptz`.execute(db);
}
