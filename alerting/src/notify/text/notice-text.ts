import type { NoticeLanguage, OutgoingNotice } from '@watchpost/contracts/api';
import { cutToBytes } from './cut-to-bytes.ts';
import { kindTerm, severityTerm } from './notice-terms.ts';

/** `[Critical] New: …`, on one line. */
export function headline({ language, severity, kind, title }: OutgoingNotice): string {
  const what = `${kindTerm(language, kind)}${language === 'en' ? ': ' : '：'}${title.replace(/[\s\p{Cc}]+/gu, ' ')}`;
  const [open, close] = language === 'en' ? ['[', '] '] : ['【', '】'];
  return `${open}${severityTerm(language, severity)}${close}${what}`;
}

/** Lines without control characters. */
const plain = (body: string): string =>
  body
    .replace(/\r\n?/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim();

const acknowledgeWords: Readonly<Record<NoticeLanguage, string>> = {
  en: 'Take it (the link is good once, and for you alone): ',
  'zh-CN': '受理（链接仅限您本人使用一次）：',
};

/** The link to the console, and that by which the reader takes the incident; none where there is none. */
export const linkLines = ({ link, acknowledge, language }: OutgoingNotice): string[] => [
  ...(link === undefined ? [] : [link]),
  ...(acknowledge === undefined ? [] : [`${acknowledgeWords[language]}${acknowledge}`]),
];

/**
 * A notice as plain text of at most so many bytes of UTF-8: headline, what it says, and the links, which are
 * never cut.
 */
export function noticeText(notice: OutgoingNotice, bytesAtMost: number): string {
  const links = linkLines(notice)
    .map((line) => `\n${line}`)
    .join('');
  const said = [headline(notice), plain(notice.body)].filter((part) => part !== '').join('\n');
  return cutToBytes(said, bytesAtMost - Buffer.byteLength(links)) + links;
}

/**
 * Takes the meaning from what chat programs read as a mention of everybody (`<@all>`, `<at user_id="all">`):
 * a name that somebody gave a sensor calls nobody.
 */
export const withoutMentions = (notice: OutgoingNotice): OutgoingNotice => ({
  ...notice,
  title: notice.title.replaceAll('<', '＜'),
  body: notice.body.replaceAll('<', '＜'),
});
