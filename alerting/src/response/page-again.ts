import type { DueHandler } from '../jobs/due-handler.ts';
import type { DueRow } from '../jobs/due-step.ts';
import { findDepartment } from '../store/department-store.ts';
import { writeDue } from '../store/due-store.ts';
import { lockFreeOffers, type StoredOffer } from '../store/response-store.ts';
import type { DepartmentPaging } from './department-paging.ts';
import { responsePolicy } from './policy.ts';
import type { SubjectLookup } from './subjects.ts';

/** What {@link pageAgain} needs. */
export interface PageAgainOptions {
  readonly site: string;
  readonly subjects: SubjectLookup;
  readonly paging: DepartmentPaging;
  readonly pageAgainAfterMs: (site: string) => number;
  readonly expect: (atMs: number) => void;
  readonly noticesWritten: () => void;
}

/** When a department that was told so often is told again; another version of the offer voids it. */
export function pageRow(
  { site, id, version }: Pick<StoredOffer, 'site' | 'id' | 'version'>,
  afterMs: number,
  nowMs: number,
  times: number,
): DueRow {
  const waitMs = Math.min(responsePolicy.pageAgainAtMostMs, afterMs * 2 ** Math.min(times, 10));
  return {
    ...{ site, kind: 'response.page', key: id, version, waitMs, atMs: nowMs + waitMs },
    payload: { times: times + 1 },
  };
}

/**
 * Tells departments again that have not answered, until they do or there is nothing to answer to any more.
 */
export function pageAgain(options: PageAgainOptions): DueHandler {
  const { site, subjects, paging, pageAgainAfterMs, expect, noticesWritten } = options;
  return async (tx, steps, nowMs) => {
    const { locked, busy: isBusy } = await lockFreeOffers(
      tx,
      site,
      steps.map(({ key }) => key),
    );
    const rows: DueRow[] = [];
    for (const step of steps) {
      const offer = locked.get(step.key);
      if (!offer || offer.version !== step.version || offer.acknowledgedAt || offer.endedAt) continue;
      const subject = (await subjects.offered(tx, [site], [offer.subject])).get(offer.subject);
      const department = await findDepartment(tx, [site], offer.department);
      if (!subject || !department || subject.state === 'over') continue;
      const times = Number(step.payload.times ?? 1);
      await paging.offered(tx, { department, subject, at: new Date(nowMs).toISOString() }, times);
      rows.push(pageRow(offer, pageAgainAfterMs(site), nowMs, times));
    }
    await writeDue(tx, rows);
    return {
      busy: steps.filter(({ key }) => isBusy.has(key)),
      afterwards: () => {
        if (rows.length === 0) return;
        expect(Math.min(...rows.map(({ atMs }) => atMs)));
        noticesWritten();
      },
    };
  };
}
