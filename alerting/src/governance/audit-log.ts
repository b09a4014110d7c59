import {
  type AuditAction,
  type AuditActor,
  type AuditDetails,
  type AuditEntry,
  type AuditSubject,
  auditEntrySchema,
} from '@watchpost/contracts/api';
import { parseWith, type SiteId } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { insertRows } from '../store/json-rows.ts';
import type { Queryable } from '../store/schema.ts';
import { type ChainPoint, chainBegin, hashOfEntry } from './audit-chain.ts';

/** What somebody did, or tried to. */
export interface NewAuditEntry {
  /** RFC 3339 in UTC with milliseconds. */
  readonly at: string;
  readonly actor: AuditActor;
  /** Null: of the server as a whole; only who reads the log of every site sees it. */
  readonly site: SiteId | null;
  readonly action: AuditAction;
  readonly subject: AuditSubject | null;
  /** What the person wrote; at most 1,000 characters. */
  readonly reason: string | null;
  readonly outcome: 'done' | 'refused';
  /** Flat, and without secrets. */
  readonly details: AuditDetails;
}

/** A text as the database takes it: Unicode without U+0000. What was refused may hold anything. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\u{FFFD}');

const storableText = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, one: unknown) =>
    typeof one === 'string' ? storable(one) : one,
  ) as T;

/**
 * Appends to the audit log within the caller’s transaction, as its last statement: from then on until the
 * commit nobody else can append. Without an open transaction it makes its own.
 *
 * What is refused is appended outside the transaction that is rolled back.
 * @throws WatchpostError `wire.schema`: an entry that the log has no shape for
 */
export async function append(db: Queryable, entry: NewAuditEntry): Promise<void> {
  if (db.isTransaction) await appendLocked(db, entry);
  else await db.transaction().execute((tx) => appendLocked(tx, entry));
}

async function appendLocked(tx: Queryable, entry: NewAuditEntry): Promise<void> {
  // In a statement of its own: the next one sees what was committed before the lock was given.
  await sql`select pg_advisory_xact_lock(hashtextextended('watchpost.audit', 0))`.execute(tx);
  const last = await headOf(tx);
  const { at, actor, site, action, subject, reason, outcome, details } = storableText(entry);
  const covered = parseWith(auditEntrySchema.omit({ hash: true }), {
    ...{ at, actor, site, action, subject, reason, outcome, details },
    position: last.position + 1,
    previous: last.hash,
  });
  await insertRows(tx, 'audit', [{ ...covered, hash: hashOfEntry(covered) }]);
}

/** The newest entry; where the log is empty its anchor, or the beginning of all. */
export async function headOf(db: Queryable): Promise<ChainPoint> {
  const row = await db
    .selectFrom('audit')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { position: Number(row.position), hash: row.hash } : anchorOf(db);
}

/** The last entry that was closed and removed; the beginning of all where none was. */
export async function anchorOf(db: Queryable): Promise<ChainPoint> {
  const row = await db
    .selectFrom('audit_anchor')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { position: Number(row.position), hash: row.hash } : chainBegin;
}

/** Entries after a position in their order, exactly as they are stored, whoever stored them. */
export async function entriesAfter(db: Queryable, position: number, limit: number): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('position', '>', position)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map(toAuditEntry);
}

/** A row as an entry. */
export function toAuditEntry({
  at,
  position,
  ...row
}: Omit<AuditEntry, 'at'> & { readonly at: Date }): AuditEntry {
  return { ...row, position: Number(position), at: at.toISOString() };
}
