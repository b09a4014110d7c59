import type { Alert } from '@watchpost/contracts/alert';
import type { Consequence } from '../../store/change-log.ts';
import { type NoticeCause, writeNotices } from '../../store/notice-store.ts';
import { noticeKindOf } from './notice-kind.ts';

/** What {@link noticeWriter} needs. */
export interface NoticeWriterOptions {
  readonly site: string;
  readonly nowMs: () => number;
  /** Told when something was committed that is to be sent. */
  readonly written: () => void;
}

/** Writes who is to be told of the changes of a site’s alerts, in their transaction. */
export function noticeWriter({ site, nowMs, written }: NoticeWriterOptions): Consequence {
  return async (tx, entries) => {
    const changed = new Map<string, { readonly before: Alert | undefined; after: Alert }>();
    for (const { alert, before } of entries) {
      if (alert.site !== site) continue;
      const known = changed.get(alert.id);
      if (known) known.after = alert;
      else changed.set(alert.id, { before, after: alert });
    }
    const causes = [...changed.values()].flatMap(({ before, after }): NoticeCause[] => {
      const kind = noticeKindOf(before, after);
      if (kind === undefined) return [];
      const { id: subject, version: seq, severity, updatedAt: at } = after;
      return [{ subject, seq, kind, severity, at }];
    });
    if (causes.length === 0) return undefined;
    const count = await writeNotices(tx, site, causes, nowMs());
    return count > 0 ? written : undefined;
  };
}
