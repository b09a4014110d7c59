import type { AuditDetails } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Queryable } from '../store/schema.ts';
import { append, type NewAuditEntry } from './audit-log.ts';

/** A change outside of the database: files, secrets, what another process keeps, what others are told. */
export interface OutsideChange<T> {
  /** What stands in the audit log of it; several where it is of several kinds. */
  readonly entries: readonly Omit<NewAuditEntry, 'at' | 'outcome'>[];
  readonly work: () => Promise<T>;
  /** What is known only afterwards. */
  readonly learnt?: (result: T) => AuditDetails;
}

/** Failures whose end stands in the audit log already. */
const noted = new WeakSet<Error>();

/** Whether an {@link auditedChange} has written down how it failed: then nobody else needs to. */
export const isNoted = (error: unknown): boolean => error instanceof Error && noted.has(error);

/**
 * Makes a change that no transaction holds together with its entry. It stands in the audit log before it is
 * made (`step` is `begun`), and once more with what came of it (`finished`, or `failed` and the code): one
 * without an end was interrupted, and may have been made. What cannot be written down is not done.
 * @throws WatchpostError what `work` throws
 */
export async function auditedChange<T>(
  { db, nowMs }: { readonly db: Queryable; readonly nowMs: () => number },
  { entries, work, learnt }: OutsideChange<T>,
): Promise<T> {
  const note = async (outcome: NewAuditEntry['outcome'], more: AuditDetails) => {
    for (const entry of entries)
      await append(db, {
        ...{ ...entry, at: new Date(nowMs()).toISOString(), outcome },
        details: { ...entry.details, ...more },
      });
  };
  await note('done', { step: 'begun' });
  let result: T;
  try {
    result = await work();
  } catch (error) {
    const { code, path } =
      error instanceof WatchpostError ? error : { code: 'api.internal', path: undefined };
    const where = path === undefined ? {} : { path: path.slice(0, 200) };
    await note('refused', { step: 'failed', code, ...where });
    if (error instanceof Error) noted.add(error);
    throw error;
  }
  await note('done', { step: 'finished', ...learnt?.(result) });
  return result;
}
