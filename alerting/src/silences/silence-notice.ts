import type { NoticeLanguage, OutgoingNotice } from '@watchpost/contracts/api';
import type { NoticeSite } from '../notify/outbox/compose-notice.ts';
import { siteTime } from '../notify/outbox/compose-notice.ts';
import type { NoticeRow } from '../store/notice-store.ts';
import type { Queryable } from '../store/schema.ts';
import { findSilence, hiddenBy } from '../store/silence-store.ts';

const prefix = 'silence ';

/** The subject of notices about a silence. */
export const silenceSubject = (id: string): string => `${prefix}${id}`;

/** Whether a notice is about a silence, and not about an incident. */
export const isAboutSilence = (subject: string): boolean => subject.startsWith(prefix);

const words: Readonly<
  Record<
    NoticeLanguage,
    {
      readonly title: (time: string) => string;
      readonly reason: (reason: string) => string;
      readonly hides: (count: number) => string;
      readonly todo: string;
    }
  >
> = {
  en: {
    title: (time) => `Your silence ends at ${time}`,
    reason: (reason) => `Reason: ${reason}`,
    hides: (count) => `Alerts that it keeps quiet now: ${count}`,
    todo: 'At its end they are judged as new. Extend it in the console if the work goes on.',
  },
  'zh-CN': {
    title: (time) => `您的静默将于 ${time} 结束`,
    reason: (reason) => `原因：${reason}`,
    hides: (count) => `目前被静默的告警：${count} 条`,
    todo: '结束后这些告警将重新判定。如工作尚未完成，请在控制台延长。',
  },
};

/** What the author of a silence is told before its end; undefined where nobody has to know any more. */
export async function silenceNoticeOf(
  db: Queryable,
  at: NoticeSite,
  { id, subject, seq, at: when }: NoticeRow,
  { language, nowMs }: { readonly language: NoticeLanguage; readonly nowMs: number },
): Promise<OutgoingNotice | undefined> {
  const ref = subject.slice(prefix.length);
  const silence = await findSilence(db, [{ site: at.site.id, zones: null }], ref);
  if (!silence || silence.ended !== null || silence.version !== seq) return undefined;
  const hides = (await hiddenBy(db, at.site.id, [ref])).get(ref)?.hides ?? 0;
  const say = words[language];
  const title = say.title(siteTime(silence.until, at.site.timeZone, nowMs));
  return {
    ...{ id, site: at.site.id, subject, seq, kind: 'reminder', severity: 'low', language },
    at: when.toISOString(),
    title: title.slice(0, 300),
    body: [say.reason(silence.reason), say.hides(hides), say.todo].join('\n'),
    ...(at.console === undefined ? {} : { link: `${at.console}/manage/silences` }),
  };
}
