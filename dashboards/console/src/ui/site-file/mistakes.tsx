import type { FileMistake } from '@watchpost/contracts/api';
import { codeText } from '../../texts/problem-text.ts';
import type { Texts } from '../../texts/texts.tsx';
import { usePageTexts } from '../../texts/texts.tsx';
import type { siteFileEn } from './file-texts-en.ts';

type SiteTexts = ReturnType<typeof usePageTexts<typeof siteFileEn>>;

/** What is wrong and what would be right, in words. */
export function mistakeText(texts: SiteTexts, { code, details }: FileMistake): string {
  const { t } = texts;
  const { least, most, known, expected, meant } = details;
  const said = [
    codeText(texts as Texts, code),
    least !== undefined && most !== undefined
      ? t('site.allowedBetween', { least, most })
      : least !== undefined
        ? t('site.allowedLeast', { least })
        : most !== undefined
          ? t('site.allowedMost', { most })
          : '',
    meant !== undefined ? t('site.meant', { meant }) : '',
    known !== undefined ? t('site.known', { known }) : '',
    expected !== undefined ? t('site.expected', { expected }) : '',
  ];
  return said.filter((part) => part !== '').join(texts.language === 'zh-CN' ? '' : ' ');
}

export interface MistakeListProps {
  readonly title: string;
  readonly mistakes: readonly FileMistake[];
  readonly unshown?: number;
}

/** Mistakes that stand beside no field of the page, with their place in the file. */
export function MistakeList({ title, mistakes, unshown = 0 }: MistakeListProps) {
  const texts = usePageTexts<typeof siteFileEn>();
  const { t } = texts;
  if (mistakes.length === 0) return null;
  return (
    <section className="notice" data-testid="site-mistakes">
      <p>{title}</p>
      <ul className="site-mistakes">
        {mistakes.map((mistake) => (
          <li key={`${mistake.path} ${mistake.code} ${mistake.line}`}>
            <span className="mono">{t('site.line', { line: mistake.line, path: mistake.path })}</span>
            {mistakeText(texts, mistake)}
          </li>
        ))}
      </ul>
      {unshown > 0 && <p className="muted">{t('site.unshown', { count: unshown })}</p>}
    </section>
  );
}
