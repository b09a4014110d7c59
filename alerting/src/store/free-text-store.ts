import type { FreeTextKind } from '@watchpost/contracts/api';
import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** A text that somebody wrote. */
export interface FreeText {
  readonly kind: FreeTextKind;
  readonly id: string;
  readonly at: string;
  readonly text: string;
}

type Column = readonly [table: string, id: string, at: string, text: string];
/** Each text in a column of its own; a report is in several, see {@link replaceReport}. */
const columns: Readonly<Record<Exclude<FreeTextKind, 'report'>, Column>> = {
  alert_step: ['alert_change', 'position', 'at', 'reason'],
  incident_note: ['incident_note', 'id', 'at', 'text'],
  handover_notes: ['duty_handover', 'id', 'at', 'notes'],
  handover_remark: ['duty_handover', 'id', 'at', 'remark'],
  duty_reason: ['duty_exception', 'id', 'made_at', 'reason'],
  silence_reason: ['silence', 'id', 'made_at', 'reason'],
  silence_end: ['silence', 'id', 'ended_at', 'ended_why'],
  offer_note: ['response_offer', 'id', 'offered_at', 'note'],
  offer_end: ['response_offer', 'id', 'ended_at', 'end_reason'],
  task_step: ['response_step', 'request', 'at', 'reason'],
  pass_revoked: ['pass', 'id', 'revoked_at', 'revoke_reason'],
  plate_retired: ['plate', 'id', 'retired_at', 'retire_reason'],
};
const reportText = sql`details ->> 'text'`;
const reportType = 'watchpost.report.received.v1';

const has = (text: RawBuilder<unknown>, words: string) =>
  sql<boolean>`strpos(lower(${text}), lower(${words})) > 0`;

/** Texts of a site that hold these words, whatever their case; the newest first. */
export async function findFreeTexts(
  db: Queryable,
  site: string,
  words: string,
  limit: number,
): Promise<FreeText[]> {
  type Row = { readonly id: string; readonly at: Date; readonly text: string };
  const found: FreeText[] = [];
  const take = (kind: FreeTextKind, rows: readonly Row[]) => {
    for (const { id, at, text } of rows) found.push({ kind, id, at: at.toISOString(), text });
  };
  for (const [kind, [table, id, at, text]] of Object.entries(columns)) {
    const { rows } = await sql<Row>`select ${sql.ref(id)}::text as id, ${sql.ref(at)} as at,
        ${sql.ref(text)} as text from ${sql.table(table)}
      where site = ${site} and ${has(sql`${sql.ref(text)}`, words)}
      order by ${sql.ref(at)} desc limit ${limit}`.execute(db);
    take(kind as FreeTextKind, rows);
  }
  const { rows } = await sql<Row>`select id::text as id, opened_at as at, ${reportText} as text from alert
    where site = ${site} and event_type = ${reportType} and ${has(reportText, words)}
    order by opened_at desc limit ${limit}`.execute(db);
  take('report', rows);
  return found.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, limit);
}

/**
 * Puts another text in the place of one, wherever it is kept; within a transaction.
 * @param changed what becomes of it; the same: nothing does
 * @returns whether it is another one now
 */
export async function replaceFreeText(
  tx: Queryable,
  { site, kind, id }: { readonly site: string; readonly kind: FreeTextKind; readonly id: string },
  changed: (text: string) => string,
): Promise<boolean> {
  // Positions are numbers, all other ids are not.
  if (/^\d+$/.test(id) !== (kind === 'alert_step')) return false;
  // As for refused candidates: what happened to alerts stays, who was named in it does not.
  await sql`set local watchpost.forgetting = 'on'`.execute(tx);
  return kind === 'report'
    ? replaceReport(tx, { site, id }, changed)
    : replaceColumn(tx, { site, id }, columns[kind], changed);
}

async function replaceColumn(
  tx: Queryable,
  { site, id }: { readonly site: string; readonly id: string },
  [table, idColumn, , text]: Column,
  changed: (text: string) => string,
): Promise<boolean> {
  const [place, column] = [sql.table(table), sql.ref(text)];
  const its = sql`site = ${site} and ${sql.ref(idColumn)} = ${id}`;
  const { rows } = await sql<{ text: string | null }>`
    select ${column} as text from ${place} where ${its} for update`.execute(tx);
  const before = rows[0]?.text ?? '';
  const after = changed(before);
  if (after === before) return false;
  await sql`update ${place} set ${column} = ${after} where ${its}`.execute(tx);
  return true;
}

/**
 * What people reported stands in the alert, several reports one below the other; in its history; and in the
 * events, each by itself.
 */
async function replaceReport(
  tx: Queryable,
  { site, id }: { readonly site: string; readonly id: string },
  changed: (text: string) => string,
): Promise<boolean> {
  type Row = { readonly key: string; readonly text: string; readonly at: Date };
  const its = sql`site = ${site} and alert = ${id}`;
  const { rows: alerts } = await sql<Row & { readonly device: string }>`
    select id::text as key, coalesce(${reportText}, '') as text, opened_at as at, device from alert
    where site = ${site} and id = ${id} and event_type = ${reportType} for update`.execute(tx);
  const [alert] = alerts;
  if (!alert || changed(alert.text) === alert.text) return false;
  const { rows: changes } = await sql<Row>`
    select position::text as key, snapshot #>> '{details,text}' as text, at from alert_change
    where ${its} and snapshot -> 'details' ? 'text'`.execute(tx);
  // Late ones have a time before that of the alert.
  const since = sql`${new Date(alert.at.getTime() - 86_400_000).toISOString()}::timestamptz`;
  const { rows: events } =
    await sql<Row>`select id::text as key, data ->> 'text' as text, time as at from event
    where ${its} and device = ${alert.device} and type = ${reportType} and time >= ${since}`.execute(tx);
  await sql`update alert set details = jsonb_set(details, '{text}', to_jsonb(${changed(alert.text)}::text))
    where site = ${site} and id = ${id}`.execute(tx);
  for (const { key, text } of changes)
    if (changed(text) !== text)
      await sql`update alert_change
        set snapshot = jsonb_set(snapshot, '{details,text}', to_jsonb(${changed(text)}::text))
        where ${its} and position = ${key}`.execute(tx);
  for (const { key, text, at } of events)
    if (changed(text) !== text)
      await sql`update event set data = jsonb_set(data, '{text}', to_jsonb(${changed(text)}::text))
        where site = ${site} and id = ${key} and time = ${at.toISOString()}::timestamptz`.execute(tx);
  return true;
}

/** In how many entries of the audit log of a site somebody wrote these words. */
export async function countAuditedReasons(db: Queryable, site: string, words: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from audit
    where site = ${site} and ${has(sql`reason`, words)}`.execute(db);
  return rows[0]?.n ?? 0;
}
