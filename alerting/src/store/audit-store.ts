import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** What the auditor of a site finds that is not as it should be. */
export interface AuditFindings {
  /** Pieces of work that were due long ago. */
  readonly overdueSteps: number;
  /** Notices that nobody tried in time, or that wait for their receiver for too long. */
  readonly overdueNotices: number;
  /** Subjects whose telling goes on and that have no next step. */
  readonly lost: readonly { readonly subject: string; readonly version: number }[];
}

/** Since when something counts as overdue. */
export interface AuditLimits {
  readonly dueBeforeMs: number;
  readonly noticeBeforeMs: number;
}

/** Looks whether everything that was to be done for a site has been done. Changes nothing. */
export async function auditSite(
  db: Queryable,
  site: string,
  { dueBeforeMs, noticeBeforeMs }: AuditLimits,
): Promise<AuditFindings> {
  const before = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  const { rows } = await sql<{ steps: number; notices: number; lost: AuditFindings['lost'] | null }>`select
    (select count(*)::integer from due where site = ${site} and at < ${before(dueBeforeMs)}
      and at > 'epoch'::timestamptz) as steps,
    (select count(*)::integer from notice join receiver on receiver.site = notice.site
        and receiver.id = notice.receiver
      where notice.site = ${site} and receiver.off_at is null
        and ((notice.state = 'waiting' and notice.due_at < ${before(dueBeforeMs)}
            and coalesce(receiver.paused_until < ${before(dueBeforeMs)}, true)
            and not exists (select from notice as sending where sending.site = notice.site
              and sending.receiver = notice.receiver
              and (sending.state = 'sending' or sending.sent_at > ${before(dueBeforeMs)})))
          or (notice.state = 'sending' and notice.lease_until < ${before(dueBeforeMs)})
          or (notice.state in ('waiting', 'sending') and notice.capped_until is null
            and notice.made_at < ${before(noticeBeforeMs)}))) as notices,
    (select jsonb_agg(jsonb_build_object('subject', subject, 'version', version)) from (
      select subject, version from escalation where site = ${site} and state = 'running'
        and changed_at < ${before(dueBeforeMs)} and not exists (select from due
          where due.site = escalation.site and due.kind = 'escalation.step' and due.key = escalation.subject
            and due.version = escalation.version)
      limit 100) as run) as lost`.execute(db);
  const { steps = 0, notices = 0, lost = null } = rows[0] ?? {};
  return { overdueSteps: steps, overdueNotices: notices, lost: lost ?? [] };
}
