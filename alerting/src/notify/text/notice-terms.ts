import type { Severity } from '@watchpost/contracts/alert';
import type { NoticeKind, NoticeLanguage } from '@watchpost/contracts/api';
import { enTerms } from '@watchpost/contracts/texts/en-terms';
import { zhTerms } from '@watchpost/contracts/texts/zh-terms';

const terms = { en: enTerms, 'zh-CN': zhTerms } as const;

/** The words that channels put beside what a notice itself says. */
const kinds: Readonly<Record<NoticeLanguage, Readonly<Record<NoticeKind, string>>>> = {
  en: {
    ...{ opened: 'New', updated: 'Update', reminder: 'Reminder', cleared: 'Over' },
    ...{ system: 'System', test: 'Test' },
  },
  'zh-CN': {
    ...{ opened: '新告警', updated: '更新', reminder: '提醒', cleared: '已解除' },
    ...{ system: '系统', test: '测试' },
  },
};

export const kindTerm = (language: NoticeLanguage, kind: NoticeKind): string => kinds[language][kind];

/** As the console calls it. */
export const severityTerm = (language: NoticeLanguage, severity: Severity): string =>
  terms[language][`severity.${severity}`];
