import type { IncidentHook } from '../../incidents/incident-book.ts';
import type { IncidentChange } from '../../incidents/incident-change.ts';
import { paceUpdate, type Told, type UpdatePace } from '../../incidents/pace-updates.ts';
import { incidentPolicy } from '../../incidents/policy.ts';
import { defaultPolicy } from '../../policy.ts';
import { noteTellings, tellingsOf } from '../../store/incident-store.ts';
import { lapseNotices, type NoticeCause, writeNotices } from '../../store/notice-store.ts';
import { noticeKindOf } from './notice-kind.ts';

/** What {@link noticeWriter} needs. */
export interface NoticeWriterOptions {
  readonly site: string;
  /** Milliseconds that an update waits after the first notice at the least. */
  readonly updateAfterMs?: number;
  readonly nowMs: () => number;
  /** Told when something was committed that is to be sent. */
  readonly written: () => void;
}

/** After these nobody has to hear what only waits to be sent. */
const stopping: readonly IncidentChange['kind'][] = ['acknowledged', 'quieted', 'merged'];

/**
 * Writes who is to be told of the changes of a site’s incidents, in their transaction. What only says that
 * there is more of the same waits for its time; whoever has an incident is told no more of it.
 */
export function noticeWriter({
  site,
  nowMs,
  written,
  updateAfterMs = defaultPolicy.incidents.updateAfterMs,
}: NoticeWriterOptions): IncidentHook {
  const pace = { first: updateAfterMs, largest: incidentPolicy.updatesApartAtMostMs };
  return async (tx, changes) => {
    await lapseNotices(
      tx,
      site,
      changes.flatMap(({ kind, after }) => (stopping.includes(kind) ? [after.id] : [])),
    );
    const news = changes.filter(({ kind }) => noticeKindOf(kind) !== undefined);
    if (news.length === 0) return undefined;
    const now = nowMs();
    const known = await tellingsOf(
      tx,
      site,
      news.map(({ after }) => after.id),
    );
    const tellings = new Map(news.map((change) => [change.after.id, told(change, known, now, pace)]));
    const causes = news.flatMap((change): NoticeCause[] => {
      const { id: subject, version: seq, severity, updatedAt: at } = change.after;
      const kind = noticeKindOf(change.kind);
      const dueMs = tellings.get(subject)?.atMs ?? now;
      return kind === undefined ? [] : [{ subject, seq, kind, severity, at, dueMs }];
    });
    const count = await writeNotices(tx, site, causes, now);
    await noteTellings(tx, site, tellings);
    return count > 0 ? written : undefined;
  };
}

function told(
  { kind, after }: IncidentChange,
  known: ReadonlyMap<string, Told>,
  nowMs: number,
  pace: UpdatePace,
): Told {
  const before = known.get(after.id);
  return kind === 'updated'
    ? paceUpdate(before, nowMs, pace)
    : { atMs: nowMs, updates: before?.updates ?? 0 };
}
