import { join } from 'node:path';
import { zhErrorText } from '@watchpost/console/zh-error-text';
import { errorRegistry } from '@watchpost/contracts/errors';
import type { Mistake } from '@watchpost/contracts/site';
import { type ServerFolderTexts, serverFolderTexts } from './server-folder-texts.ts';

/** Shown in this order; what else a mistake says is for programs. */
const shownDetails = ['found', 'expected', 'least', 'most', 'meant', 'known'] as const;

/** A mistake whose file cannot be read, with the whole path: the folder may be another than the one meant. */
export const inFull = (mistake: Mistake, folder: string): Mistake =>
  mistake.code === 'site.unreadable' ? { ...mistake, file: join(folder, mistake.file) } : mistake;

/**
 * A mistake for a terminal: `file:line:column`, which editors open, its path and code; what is wrong and what
 * to do; what was found and what would be right.
 */
export function mistakeLines(
  { code, file, line, column, path, details }: Mistake,
  { chinese }: { readonly chinese: boolean },
): string {
  const texts = serverFolderTexts(chinese);
  const entry = errorRegistry[code];
  const what = chinese ? zhErrorText(code) : `${entry.summary} ${entry.action}`;
  const found = shownDetails.flatMap((name) => {
    const value = details[name];
    return value === undefined || value === ''
      ? []
      : [`${texts[name]}: ${worded(String(value), name, texts)}`];
  });
  return [
    `${file}:${line}:${column} ${path} [${code}]`,
    `  ${what}`,
    ...(found.length > 0 ? [`  ${found.join(chinese ? '；' : '; ')}`] : []),
    '',
  ].join('\n');
}

function worded(value: string, name: (typeof shownDetails)[number], { types }: ServerFolderTexts): string {
  return name === 'expected' && Object.hasOwn(types, value) ? types[value as keyof typeof types] : value;
}
