import type { Severity } from '@watchpost/contracts/alert';
import type { ChannelKind, EscalationReach, EscalationStep } from '@watchpost/contracts/api';
import { type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';

export type RunRow = Selectable<Database['escalation']>;

/** A telling that begins, or begins anew. */
export interface RunToBegin {
  readonly subject: string;
  readonly seq: number;
  readonly severity: Severity;
  /** RFC 3339. */
  readonly at: string;
  /** Missing where none fits: what the subject had before is gone through again. */
  readonly policy?: {
    readonly id: string;
    readonly version: number;
    readonly name: string;
    readonly steps: readonly EscalationStep[];
  };
}

/** What one of them is due by. */
export interface BegunRun {
  readonly subject: string;
  readonly version: number;
  readonly steps: readonly EscalationStep[];
}

/**
 * Begins with the first step. What a subject was begun with stays as it was while its policy is the same, and
 * whoever has told a version of it already does not begin again.
 */
export async function beginRuns(
  tx: Queryable,
  site: string,
  runs: readonly RunToBegin[],
  nowMs: number,
): Promise<BegunRun[]> {
  if (runs.length === 0) return [];
  const now = new Date(nowMs).toISOString();
  const begins = runs.map(({ policy, ...run }) => ({
    ...run,
    policy: policy?.id ?? null,
    policy_version: policy?.version ?? null,
    name: policy?.name ?? null,
    steps: policy?.steps ?? [],
  }));
  const isKept = sql`(excluded.policy is null or excluded.policy is not distinct from escalation.policy)`;
  const { rows } = await sql<BegunRun>`insert into escalation (site, subject, version, policy, policy_version,
      name, steps, severity, seq, at, state, changed_at)
    select ${site}, subject, 1, policy, policy_version, name, steps, severity, seq, at,
      case when jsonb_array_length(steps) > 0 then 'running' else 'ended' end, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(begins)}::jsonb) as begun(subject text, policy uuid,
      policy_version integer, name text, steps jsonb, severity text, seq integer, at timestamptz)
    where policy is not null or exists (select from escalation as known
      where known.site = ${site} and known.subject = begun.subject)
    on conflict (site, subject) do update set version = escalation.version + 1, seq = excluded.seq,
      severity = excluded.severity, at = excluded.at, step = 0, round = 0, pages = 0, empty_at = null,
      acknowledged_by = null, acknowledged_at = null, changed_at = excluded.changed_at,
      policy = coalesce(excluded.policy, escalation.policy),
      policy_version = case when ${isKept} then escalation.policy_version else excluded.policy_version end,
      name = case when ${isKept} then escalation.name else excluded.name end,
      steps = case when ${isKept} then escalation.steps else excluded.steps end,
      state = case when excluded.policy is null and jsonb_array_length(escalation.steps) = 0
        then 'ended' else 'running' end
    where escalation.seq < excluded.seq
    returning subject, version, steps`.execute(tx);
  return rows;
}

/** Somebody takes care of it. */
export interface Acknowledged {
  readonly subject: string;
  readonly seq: number;
  readonly severity: Severity;
  readonly at: string;
  /** Name of the account. */
  readonly by: string;
}

/** Nobody is told by steps any more; gives the version that reminders name. */
export async function acknowledgeRuns(
  tx: Queryable,
  site: string,
  taken: readonly Acknowledged[],
  nowMs: number,
): Promise<{ readonly subject: string; readonly version: number }[]> {
  if (taken.length === 0) return [];
  const now = sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const { rows } = await sql<{ subject: string; version: number }>`insert into escalation (site, subject,
      version, steps, severity, seq, at, state, acknowledged_by, acknowledged_at, changed_at)
    select ${site}, subject, 1, '[]'::jsonb, severity, seq, at, 'acknowledged', by, ${now}, ${now}
    from jsonb_to_recordset(${JSON.stringify(taken)}::jsonb)
      as taken(subject text, severity text, seq integer, at timestamptz, by text)
    on conflict (site, subject) do update set version = escalation.version + 1, state = 'acknowledged',
      seq = excluded.seq, severity = excluded.severity, acknowledged_by = excluded.acknowledged_by,
      acknowledged_at = excluded.acknowledged_at, empty_at = null, changed_at = excluded.changed_at
    returning subject, version`.execute(tx);
  return rows;
}

/** It is over. */
export async function endRuns(tx: Queryable, site: string, subjects: readonly string[], nowMs: number) {
  if (subjects.length === 0) return;
  await sql`update escalation set version = version + 1, state = 'over', empty_at = null,
      changed_at = ${new Date(nowMs).toISOString()}::timestamptz
    where site = ${site} and subject in (${sql.join(subjects)}) and state <> 'over'`.execute(tx);
}

/** Those that nobody else is at work on, locked; and which of the others exist. */
export async function lockFreeRuns(
  tx: Queryable,
  site: string,
  subjects: readonly string[],
): Promise<{ readonly locked: ReadonlyMap<string, RunRow>; readonly busy: ReadonlySet<string> }> {
  const of = (query: Queryable) =>
    query.selectFrom('escalation').where('site', '=', site).where('subject', 'in', subjects);
  const rows = await of(tx).selectAll().orderBy('subject').forUpdate().skipLocked().execute();
  const locked = new Map(rows.map((row) => [row.subject, row]));
  if (locked.size === new Set(subjects).size) return { locked, busy: new Set() };
  const there = await of(tx).select('subject').execute();
  return { locked, busy: new Set(there.flatMap(({ subject }) => (locked.has(subject) ? [] : [subject]))) };
}

/** How far a run has come. */
export type RunProgress = Pick<RunRow, 'step' | 'round' | 'pages' | 'state'> & {
  readonly version: number;
  readonly isEmpty?: boolean;
  /** Of what begins to be told again. */
  readonly seq?: number;
  readonly at?: string;
};

/** Writes it down. */
export async function progressRun(
  tx: Queryable,
  { site, subject }: Pick<RunRow, 'site' | 'subject'>,
  { isEmpty, seq, at, ...progress }: RunProgress,
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs).toISOString();
  await tx
    .updateTable('escalation')
    .set({
      ...{ ...progress, changed_at: now },
      ...(isEmpty ? { empty_at: now } : {}),
      ...(seq === undefined || at === undefined
        ? {}
        : { seq, at, acknowledged_by: null, acknowledged_at: null }),
    })
    .where('site', '=', site)
    .where('subject', '=', subject)
    .execute();
}

/** Whom a step names, with who is on duty in place of rotas. */
export interface Named {
  readonly receivers: readonly string[];
  /** Ids of accounts. */
  readonly people: readonly string[];
  readonly channels: readonly ChannelKind[] | null;
}

/** A person is told by verified receivers alone, and not while the account is disabled. */
export async function reachedBy(
  db: Queryable,
  site: string,
  { receivers, people, channels }: Named,
): Promise<EscalationReach[]> {
  if (receivers.length + people.length === 0) return [];
  const none = sql`null`;
  const ids = (all: readonly string[]) => (all.length === 0 ? none : sql.join(all));
  const by = channels === null ? sql`true` : sql`receiver.channel in (${sql.join(channels)})`;
  const { rows } = await sql<EscalationReach>`select receiver.id as receiver, receiver.name, receiver.channel,
      coalesce(account.display_name, account.name) as person
    from receiver left join account on account.name = receiver.account
    where receiver.site = ${site} and receiver.off_at is null
      and (receiver.id::text in (${ids(receivers)}) or (account.id::text in (${ids(people)})
        and account.disabled_at is null and receiver.verified_at is not null and ${by}))
    order by receiver.name, receiver.id`.execute(db);
  return rows;
}

/** Receivers of a person, by the name of the account. */
export async function reachedAccount(db: Queryable, site: string, account: string): Promise<string[]> {
  const rows = await db
    .selectFrom('receiver')
    .select('id')
    .where('site', '=', site)
    .where('account', '=', account)
    .where('off_at', 'is', null)
    .where('verified_at', 'is not', null)
    .execute();
  return rows.map(({ id }) => id);
}

/** Receivers that stand in for others. */
export async function standIns(db: Queryable, site: string): Promise<string[]> {
  const rows = await db
    .selectFrom('receiver')
    .select('id')
    .where('site', '=', site)
    .where('is_fallback', '=', true)
    .where('off_at', 'is', null)
    .execute();
  return rows.map(({ id }) => id);
}

/** Whether a receiver was told that a subject is on, and of no end since. */
function wasToldOf(subject: string) {
  const told = sql`from notice as told where told.site = receiver.site and told.receiver = receiver.id
    and told.subject = ${subject} and told.state in ('waiting', 'sending', 'sent')`;
  const newestOver = sql`(select coalesce(max(told.seq), -1) ${told} and told.kind = 'cleared')`;
  return sql`exists (select ${told} and told.kind in ('opened', 'updated', 'reminder')
    and told.seq > ${newestOver})`;
}

/**
 * Whether a silent alarm of the subject is kept from whose receiver it is, because the zone does not exist
 * for them: they may be the one who was forced.
 */
function isKeptFrom(subject: string) {
  return sql`exists (select from incident_member join alert on alert.site = incident_member.site
      and alert.id = incident_member.alert join account_site on account_site.site = alert.site
    where incident_member.site = receiver.site and incident_member.incident::text = ${subject}
      and alert.details ->> 'silent' = 'true' and account_site.account = receiver.account
      and account_site.zones is not null and not alert.zone = any (account_site.zones))`;
}

/**
 * Writes that these receivers are told of a subject: as something new to who was not told of it, as its
 * newest state the first time that steps tell of it, and as a reminder after that.
 */
export async function writePages(
  tx: Queryable,
  { site, subject, seq, severity, at }: Pick<RunRow, 'site' | 'subject' | 'seq' | 'severity' | 'at'>,
  receivers: readonly string[],
  { round, isReminder = false }: { readonly round: number; readonly isReminder?: boolean },
  nowMs: number,
): Promise<void> {
  if (receivers.length === 0) return;
  const again = isReminder || round > 0 ? 'reminder' : 'updated';
  const isNew = isReminder ? sql`false` : sql`not ${wasToldOf(subject)}`;
  const now = sql`${new Date(nowMs).toISOString()}::timestamptz`;
  await sql`insert into notice (site, id, subject, receiver, channel, seq, round, kind, severity, urgent, at,
      made_at, due_at)
    select ${site}, gen_random_uuid(), ${subject}, receiver.id, receiver.channel, ${seq}::integer,
      ${round}::integer, case when ${isNew} then 'opened' else ${again} end,
      ${severity}, ${severity === 'critical'} and not exists (select from notice as told
        where told.site = receiver.site and told.receiver = receiver.id and told.subject = ${subject}
        and told.severity = 'critical' and told.state in ('sent', 'sending')),
      ${at.toISOString()}::timestamptz, ${now}, ${now}
    from receiver where receiver.site = ${site} and receiver.id in (${sql.join(receivers)})
      and receiver.off_at is null and not ${isKeptFrom(subject)}
    on conflict do nothing`.execute(tx);
}

/** Whether a step of what goes on reached nobody. */
export async function hasEmptyRun(db: Queryable, site: string): Promise<boolean> {
  const row = await db
    .selectFrom('escalation')
    .select('subject')
    .where('site', '=', site)
    .where('state', '=', 'running')
    .where('empty_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Runs of a site that go on, or that of one subject, those that changed last first. */
export async function runsOf(
  db: Queryable,
  site: string,
  subject: string | undefined,
  limit: number,
): Promise<(RunRow & { readonly next_at: Date | null })[]> {
  const query = db
    .selectFrom('escalation')
    .selectAll()
    .select(
      sql<Date | null>`(select due.at from due where due.site = escalation.site
        and due.kind like 'escalation.%' and due.key = escalation.subject and due.version = escalation.version
        order by due.at limit 1)`.as('next_at'),
    )
    .where('site', '=', site);
  return (
    subject === undefined
      ? query.where('state', 'in', ['running', 'acknowledged'])
      : query.where('subject', '=', subject)
  )
    .orderBy('changed_at', 'desc')
    .limit(limit)
    .execute();
}
