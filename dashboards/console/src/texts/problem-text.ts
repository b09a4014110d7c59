import { ApiProblem } from '../api/ask.ts';
import type { Texts } from './texts.tsx';

/** The text of an error code in the language in use; an unknown code is named. */
export function codeText(texts: Texts, code: string): string {
  return texts.maybe(`error.${code}`) ?? texts.t('error.console.unknown', { code });
}

/** What to tell a person about whatever was thrown. */
export function problemText(texts: Texts, problem: unknown): string {
  if (!(problem instanceof ApiProblem)) return codeText(texts, 'console.answer');
  const text = codeText(texts, problem.code);
  return problem.status >= 500 && problem.requestId ? `${text} (${problem.requestId})` : text;
}
