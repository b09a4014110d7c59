import type { NoticeLanguage, OutgoingNotice } from '@watchpost/contracts/api';
import { isAboutLate, lateNoticeOf } from '../../late/late-notice.ts';
import { isAboutSilence, silenceNoticeOf } from '../../silences/silence-notice.ts';
import type { NoticeRow } from '../../store/notice-store.ts';
import type { Queryable } from '../../store/schema.ts';
import type { NoticeSite } from './compose-notice.ts';

/** Whether a notice is about an incident, and not about something that has a text of its own. */
export const isAboutIncident = (subject: string): boolean =>
  !isAboutSilence(subject) && !isAboutLate(subject);

/** The text of a notice that is not about an incident; undefined where nobody has to know any more. */
export function otherNoticeOf(
  db: Queryable,
  at: NoticeSite,
  notice: NoticeRow,
  how: { readonly language: NoticeLanguage; readonly nowMs: number },
): Promise<OutgoingNotice | undefined> {
  const compose = isAboutLate(notice.subject) ? lateNoticeOf : silenceNoticeOf;
  return compose(db, at, notice, how);
}
