import type { Severity } from '@watchpost/contracts/alert';
import type { ChannelAddress, NoticeLanguage, QuietHours } from '@watchpost/contracts/api';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';

/** A change of an incident that people are told of. */
export interface NoticeCause {
  readonly subject: string;
  /** Its version then. */
  readonly seq: number;
  readonly kind: 'opened' | 'updated' | 'cleared';
  readonly severity: Severity;
  /** RFC 3339. */
  readonly at: string;
  /** When they are told, milliseconds since the Unix epoch. */
  readonly dueMs: number;
}

/** A receiver, as far as sending needs it. */
export interface NoticeReceiver {
  readonly site: string;
  readonly id: string;
  readonly name: string;
  readonly address: ChannelAddress;
  readonly language: NoticeLanguage;
  readonly isFallback: boolean;
  readonly cap: number | null;
  readonly quiet: QuietHours | null;
  /** Id of the account whose own it is, once it is verified; null where it is nobody’s. */
  readonly person: string | null;
}

export type NoticeRow = Selectable<Database['notice']>;

const iso = (ms: number): string => new Date(ms).toISOString();
const isOn: RawBuilder<boolean> = sql`kind in ('opened', 'updated', 'reminder')`;

/** Incidents whose alerts are those of this one now: who was told of them was told of it. */
const mergedInto = (subject: RawBuilder<unknown>, site: RawBuilder<unknown>) =>
  sql`select merged.id::text from incident as merged where merged.site = ${site}
    and merged.merged_into = ${subject}::uuid`;

/**
 * Writes what follows from changes: who is told of the severity, or was told of the alert, is told that it is
 * on; who was told that it is on, and of no end since, is told that it is over. What is not sent yet and says
 * less than this is not sent any more, unless its time comes before. Returns how many were written.
 */
export async function writeNotices(
  tx: Queryable,
  site: string,
  causes: readonly NoticeCause[],
  nowMs: number,
): Promise<number> {
  const subjects = causes.flatMap(({ kind, subject }) => (kind === 'opened' ? [] : [subject]));
  const rows = causes.map(({ dueMs, ...cause }) => ({ ...cause, due_at: iso(dueMs) }));
  const cause = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    as cause(subject text, seq integer, kind text, severity text, at timestamptz, due_at timestamptz)`;
  const now = sql`${iso(nowMs)}::timestamptz`;
  const told = sql`from notice as told where told.site = receiver.site and told.receiver = receiver.id
    and (told.subject = cause.subject or told.subject in (${mergedInto(sql`cause.subject`, sql`receiver.site`)}))`;
  const newestOn = sql`(select max(told.seq) ${told} and told.${isOn} and told.state in ('sent', 'sending'))`;
  const newestOver = sql`(select coalesce(max(told.seq), -1) ${told} and told.kind = 'cleared')`;
  const written =
    await sql`insert into notice (site, id, subject, receiver, channel, seq, kind, severity, urgent,
      at, made_at, due_at)
    select receiver.site, gen_random_uuid(), cause.subject, receiver.id, receiver.channel, cause.seq, cause.kind,
      cause.severity, cause.kind <> 'cleared' and cause.severity = 'critical'
        and not exists (select ${told} and told.severity = 'critical' and told.state in ('sent', 'sending')),
      cause.at, ${now}, cause.due_at
    from ${cause} join receiver on receiver.site = ${site} and receiver.off_at is null
    where case when cause.kind = 'cleared' then ${newestOn} > ${newestOver}
      else exists (select from escalation_policy as policy where policy.site = receiver.site
        and policy.receiver = receiver.id and policy.severities @> to_jsonb(cause.severity))
        or (cause.kind = 'updated' and exists (select ${told} and told.${isOn}
          and told.state in ('waiting', 'sending', 'sent'))) end
    on conflict do nothing returning id`.execute(tx);
  if (subjects.length > 0)
    await sql`update notice set state = 'lapsed' from ${cause} where notice.site = ${site}
      and notice.subject = cause.subject and cause.kind <> 'opened' and notice.seq < cause.seq
      and notice.state = 'waiting' and notice.${isOn}
      and (cause.due_at <= ${now} or notice.due_at >= cause.due_at)`.execute(tx);
  return written.rows.length;
}

/**
 * What still waits to say that these are on is not sent any more, and what is being sent right now is not
 * tried again; but to departments that were offered one and have not answered: each answers for itself.
 */
export async function lapseNotices(tx: Queryable, site: string, subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  const theirs = sql`site = ${site} and subject in (${sql.join(subjects)}) and ${isOn}
    and not exists (select from department join response_offer as offer
      on offer.site = department.site and offer.department = department.id
      where department.site = notice.site and department.receiver = notice.receiver
        and offer.subject::text = notice.subject and offer.acknowledged_at is null and offer.ended_at is null)`;
  await sql`update notice set state = 'lapsed' where ${theirs} and state = 'waiting'`.execute(tx);
  await sql`update notice set last_try = true where ${theirs} and state = 'sending'`.execute(tx);
}

/** A notice, of which others may go with it. */
export interface TakenNotice {
  readonly notice: NoticeRow;
  readonly receiver: NoticeReceiver;
  readonly bundled: readonly NoticeRow[];
}

interface CandidateRow extends NoticeRow {
  readonly name: string;
  readonly address: ChannelAddress;
  readonly language: NoticeLanguage;
  readonly is_fallback: boolean;
  readonly cap: number | null;
  readonly quiet: QuietHours | null;
  readonly person: string | null;
}

/**
 * What could be sent now: of each receiver that is not paused and to whom nobody is sending, the first ones;
 * the urgent before the others, then the gravest, then the oldest, however often they were tried. A first
 * critical is tried in spite of a pause, unless the receiver asked for it.
 */
export async function sendableNotices(
  tx: Queryable,
  sites: readonly string[],
  nowMs: number,
  eachAtMost: number,
): Promise<{ readonly receiver: NoticeReceiver; readonly notices: readonly NoticeRow[] }[]> {
  const now = sql`${iso(nowMs)}::timestamptz`;
  const { rows } =
    await sql<CandidateRow>`select waiting.*, receiver.name, receiver.address, receiver.language,
      receiver.is_fallback, receiver.cap, receiver.quiet,
      case when receiver.verified_at is not null then (select account.id::text from account
        where account.name = receiver.account and account.kind = 'person') end as person
    from receiver cross join lateral (
      select * from notice where notice.site = receiver.site and notice.receiver = receiver.id
        and notice.state = 'waiting' and notice.due_at <= ${now}
        and (receiver.paused_until is null or receiver.paused_until <= ${now}
          or (notice.urgent and notice.attempts = 0 and receiver.pause_code <> 'notify.throttled'))
      order by notice.urgent desc,
        array_position(array['critical', 'high', 'medium', 'low'], notice.severity),
        notice.made_at, notice.seq limit ${sql.lit(eachAtMost)}
      for update skip locked
    ) as waiting
    where receiver.site in (${sql.join(sites)}) and receiver.off_at is null
      and not exists (select from notice as sending where sending.site = receiver.site
        and sending.receiver = receiver.id and sending.state = 'sending')`.execute(tx);
  const byReceiver = new Map<string, { receiver: NoticeReceiver; notices: NoticeRow[] }>();
  for (const { name, address, language, is_fallback: isFallback, cap, quiet, person, ...notice } of rows) {
    const known = byReceiver.get(`${notice.site} ${notice.receiver}`);
    if (known) known.notices.push(notice);
    else
      byReceiver.set(`${notice.site} ${notice.receiver}`, {
        receiver: {
          ...{ site: notice.site, id: notice.receiver, name, address, language, isFallback, cap, quiet },
          person,
        },
        notices: [notice],
      });
  }
  return [...byReceiver.values()];
}

/** When a receiver may be told the next one, by its limit; undefined while that is now. */
export async function cappedUntil(
  tx: Queryable,
  { site, id, cap }: NoticeReceiver,
  nowMs: number,
  windowMs: number,
): Promise<number | undefined> {
  if (cap === null) return undefined;
  const { rows } = await sql<{ sent_at: Date }>`select sent_at from notice where site = ${site}
    and receiver = ${id} and bundle is null and sent_at > ${iso(nowMs - windowMs)}::timestamptz
    order by sent_at desc offset ${sql.lit(cap - 1)} limit 1`.execute(tx);
  const [first] = rows;
  return first && first.sent_at.getTime() + windowMs;
}

/** The limit of their receiver holds these back. */
export async function holdBack(tx: Queryable, notices: readonly NoticeRow[], untilMs: number): Promise<void> {
  for (const { site, id } of notices)
    await tx
      .updateTable('notice')
      .set({ due_at: iso(untilMs), capped_until: iso(untilMs) })
      .where('site', '=', site)
      .where('id', '=', id)
      .execute();
}

/** Notes, before it is sent, that it is: with an end, after which somebody else may. */
export async function leaseNotices(
  tx: Queryable,
  head: NoticeRow,
  bundled: readonly NoticeRow[],
  leaseUntilMs: number,
): Promise<TakenNotice['notice']> {
  const ids = [head, ...bundled].map(({ id }) => id);
  await sql`update notice set state = 'sending', attempts = attempts + 1, fence = fence + 1,
      lease_until = ${iso(leaseUntilMs)}::timestamptz,
      bundle = case when id = ${head.id}::uuid then null else ${head.id}::uuid end
    where site = ${head.site} and id in (${sql.join(ids)})`.execute(tx);
  return { ...head, attempts: head.attempts + 1, fence: Number(head.fence) + 1 };
}

/** What becomes of a notice that was tried, and of those that went with it. */
export interface NoticeOutcome {
  readonly state: 'waiting' | 'sent' | 'refused' | 'lapsed';
  readonly code?: string;
  readonly remoteId?: string;
  /** Of `waiting`, milliseconds since the Unix epoch. */
  readonly dueMs?: number;
}

/** Writes it down; false where somebody else has taken the notice meanwhile. */
export async function settleNotice(
  tx: Queryable,
  { site, id, fence }: NoticeRow,
  { state, code, remoteId, dueMs }: NoticeOutcome,
  nowMs: number,
): Promise<boolean> {
  const sentAt = state === 'sent' ? sql`${iso(nowMs)}::timestamptz` : sql`null`;
  const settled = state === 'waiting' ? sql`case when last_try then 'lapsed' else 'waiting' end` : state;
  const due = dueMs === undefined ? sql`due_at` : sql`${iso(dueMs)}::timestamptz`;
  const { rows } = await sql`update notice set state = ${settled}, lease_until = null, sent_at = ${sentAt},
      due_at = ${due}, code = ${code ?? null}, remote_id = ${remoteId ?? null}
    where site = ${site} and state = 'sending' and (bundle = ${id}::uuid or (id = ${id}::uuid and fence = ${fence}))
      and exists (select from notice as head where head.site = ${site} and head.id = ${id}::uuid
        and head.fence = ${fence} and head.state = 'sending')
    returning id`.execute(tx);
  return rows.length > 0;
}

/** Whose sender is gone may be sent by others; with `all`, whoever took it is. */
export async function releaseNotices(
  db: Queryable,
  sites: readonly string[],
  nowMs: number,
  all = false,
): Promise<void> {
  await sql`update notice set state = case when last_try then 'lapsed' else 'waiting' end, lease_until = null
    where state = 'sending'
    and site in (${sql.join(sites)}) ${all ? sql`` : sql`and lease_until <= ${iso(nowMs)}::timestamptz`}`.execute(
    db,
  );
}

/** The clock was set: what waits, waits as long as before. */
export async function moveNotices(db: Queryable, sites: readonly string[], byMs: number): Promise<void> {
  const by = sql`${`${byMs} milliseconds`}::interval`;
  await sql`update notice set due_at = due_at + ${by}, lease_until = lease_until + ${by},
      capped_until = capped_until + ${by}
    where site in (${sql.join(sites)}) and state in ('waiting', 'sending')`.execute(db);
  await sql`update receiver set paused_until = paused_until + ${by}
    where site in (${sql.join(sites)}) and paused_until is not null`.execute(db);
}

/** Messages that a receiver took about the subject of this one, oldest first: the newest of them. */
export async function toldBefore(
  db: Queryable,
  { site, receiver, subject, id }: NoticeRow,
  atMost: number,
): Promise<{ readonly id: string; readonly at: string }[]> {
  const rows = await db
    .selectFrom('notice')
    .select(['id', 'at'])
    .where('site', '=', site)
    .where('subject', '=', subject)
    .where('receiver', '=', receiver)
    .where('state', '=', 'sent')
    .where('bundle', 'is', null)
    .where('id', '<>', id)
    .orderBy('sent_at', 'desc')
    .limit(atMost)
    .execute();
  return rows.toReversed().map((row) => ({ id: row.id, at: row.at.toISOString() }));
}

/** Whether a receiver was told that something is on. */
export async function wasToldOn(db: Queryable, { site, receiver, subject }: NoticeRow): Promise<boolean> {
  const { rows } = await sql`select from notice where site = ${site} and receiver = ${receiver}::uuid
    and state = 'sent' and ${isOn}
    and (subject = ${subject} or subject in (${mergedInto(sql`${subject}`, sql`${site}`)})) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** What a receiver could not be told goes to those that stand in for others, as the same news. */
export async function passToFallback(
  tx: Queryable,
  notices: readonly NoticeRow[],
  nowMs: number,
): Promise<void> {
  for (const { site, id, receiver } of notices)
    await sql`insert into notice (site, id, subject, receiver, channel, seq, round, kind, severity, urgent, at,
        made_at, due_at)
      select notice.site, gen_random_uuid(), notice.subject, fallback.id, fallback.channel, notice.seq, notice.round, notice.kind,
        notice.severity, notice.urgent, notice.at, ${iso(nowMs)}::timestamptz, ${iso(nowMs)}::timestamptz
      from notice join receiver as fallback on fallback.site = notice.site and fallback.is_fallback
        and fallback.off_at is null and fallback.id <> ${receiver}::uuid
      where notice.site = ${site} and (notice.id = ${id}::uuid or notice.bundle = ${id}::uuid)
      on conflict do nothing`.execute(tx);
}

/** What waits, and since when. */
export async function waitingNotices(
  db: Queryable,
  sites: readonly string[],
): Promise<{ readonly count: number; readonly oldest: Date | null }> {
  const { rows } = await sql<{ count: number; oldest: Date | null }>`select count(*)::integer as count,
    min(made_at) as oldest from notice where site in (${sql.join(sites)}) and state in ('waiting', 'sending')`.execute(
    db,
  );
  return rows[0] ?? { count: 0, oldest: null };
}

/**
 * When the next one is due of those whose receiver nobody is sending to; undefined when none is. Milliseconds
 * since the Unix epoch.
 */
export async function nextNotice(db: Queryable, sites: readonly string[]): Promise<number | undefined> {
  const { rows } = await sql<{
    at: Date | null;
  }>`select min(greatest(notice.due_at, receiver.paused_until)) as at
    from notice join receiver on receiver.site = notice.site and receiver.id = notice.receiver
    where notice.site in (${sql.join(sites)}) and notice.state = 'waiting' and receiver.off_at is null
      and not exists (select from notice as sending where sending.site = receiver.site
        and sending.receiver = receiver.id and sending.state = 'sending')`.execute(db);
  return rows[0]?.at?.getTime();
}
