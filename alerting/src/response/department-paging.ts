import type { ResponseSubject } from '@watchpost/contracts/api';
import { lapseNoticesTo, writeNoticeTo } from '../store/department-notice-store.ts';
import type { StoredDepartment } from '../store/department-store.ts';
import type { Queryable } from '../store/schema.ts';

/** A department that was offered something. */
export interface PagedDepartment {
  readonly department: Pick<StoredDepartment, 'site' | 'id' | 'receiver'>;
  readonly subject: ResponseSubject;
  readonly at: string;
}

/**
 * Whoever pages departments. Both run in the transaction that changes the offer, so that nobody is paged of
 * what was taken; an escalation policy of departments takes the place of {@link OutboxPaging}.
 */
export interface DepartmentPaging {
  /**
   * It was offered to the department: it is to be told, and was so often before. Whether something is to be
   * sent.
   */
  offered(tx: Queryable, paged: PagedDepartment, times: number): Promise<boolean>;
  /** The department has it, or it was taken back: what still waits for it, and for no other, is not sent. */
  stopped(tx: Queryable, paged: PagedDepartment): Promise<void>;
}

/** Tells the receiver of the department, by the outbox. */
export class OutboxPaging implements DepartmentPaging {
  async offered(
    tx: Queryable,
    { department, subject, at }: PagedDepartment,
    times: number,
  ): Promise<boolean> {
    if (department.receiver === null) return false;
    return writeNoticeTo(tx, department.site, department.receiver, { subject, at, times });
  }

  async stopped(tx: Queryable, { department, subject }: PagedDepartment): Promise<void> {
    if (department.receiver !== null)
      await lapseNoticesTo(tx, department.site, department.receiver, subject.id);
  }
}
