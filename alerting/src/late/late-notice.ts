import type { NoticeLanguage, OutgoingNotice } from '@watchpost/contracts/api';
import { enTerms } from '@watchpost/contracts/texts/en-terms';
import { zhTerms } from '@watchpost/contracts/texts/zh-terms';
import { type NoticeSite, siteTime } from '../notify/outbox/compose-notice.ts';
import { findDigest } from '../store/late-digest-store.ts';
import type { NoticeRow } from '../store/notice-store.ts';
import type { LateGateway } from '../store/schema/late-tables.ts';
import type { Queryable } from '../store/schema.ts';
import { latePolicy } from './policy.ts';

const prefix = 'late ';

/** The subject of notices about a digest. */
export const lateSubject = (id: string): string => `${prefix}${id}`;

/** Whether a notice is a digest of late events, and not about an incident. */
export const isAboutLate = (subject: string): boolean => subject.startsWith(prefix);

const terms: Readonly<Record<NoticeLanguage, Readonly<Record<string, string>>>> = {
  en: enTerms,
  'zh-CN': zhTerms,
};

const words = {
  en: {
    title: (events: number) => (events === 1 ? '1 event came late' : `${events} events came late`),
    away: (gateway: string, from: string, to: string) => `${gateway} was away ${from}–${to}.`,
    kind: (name: string, events: number) => `${name}: ${events}`,
    others: (events: number) => `others: ${events}`,
    colon: ' ',
    comma: ', ',
    end: '.',
    note: 'No alert was made of them; they are in the history. What still holds alerts by itself.',
  },
  'zh-CN': {
    title: (events: number) => `${events} 条事件延迟到达`,
    away: (gateway: string, from: string, to: string) => `${gateway} 于 ${from}–${to} 失联。`,
    kind: (name: string, events: number) => `${name} ${events} 条`,
    others: (events: number) => `其他 ${events} 条`,
    colon: '',
    comma: '，',
    end: '。',
    note: '这些事件未产生告警，可在历史中查看。仍在持续的情况会自行告警。',
  },
} as const;

const eventsOf = ({ kinds }: Pick<LateGateway, 'kinds'>): number =>
  kinds.reduce((sum, { events }) => sum + events, 0);

/** What people are told of late events; undefined where the digest is forgotten. */
export async function lateNoticeOf(
  db: Queryable,
  at: NoticeSite,
  { id, subject, seq, at: when }: NoticeRow,
  { language, nowMs }: { readonly language: NoticeLanguage; readonly nowMs: number },
): Promise<OutgoingNotice | undefined> {
  const gateways = await findDigest(db, at.site.id, subject.slice(prefix.length));
  if (!gateways) return undefined;
  const say = words[language];
  const time = (one: string) => siteTime(one, at.site.timeZone, nowMs);
  const line = ({ gateway, from, to, kinds }: LateGateway) => {
    const named = kinds.slice(0, latePolicy.namedKinds);
    const others = eventsOf({ kinds: kinds.slice(latePolicy.namedKinds) });
    const counts = [
      ...named.map(({ term, events }) => say.kind(terms[language][term] ?? term, events)),
      ...(others > 0 ? [say.others(others)] : []),
    ];
    return `${say.away(gateway, time(from), time(to))}${say.colon}${counts.join(say.comma)}${say.end}`;
  };
  const total = gateways.reduce((sum, one) => sum + eventsOf(one), 0);
  const name = at.site.name[language] ?? at.site.id;
  return {
    ...{ id, site: at.site.id, subject, seq, kind: 'updated', severity: 'low', language },
    at: when.toISOString(),
    title: [name, say.title(total)].join(say.comma).slice(0, 300),
    body: [...gateways.map(line), say.note].join('\n').slice(0, 8_000),
    ...(at.console === undefined ? {} : { link: `${at.console}/manage/history` }),
  };
}
