import { zhErrorText } from '@watchpost/console/zh-error-text';
import { errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import type { Texts } from './texts.ts';

/** One clear line for a terminal: code, what, where, and what to do. */
export function errorLine(error: unknown, { chinese }: Pick<Texts, 'chinese'>): string {
  if (!(error instanceof WatchpostError)) return error instanceof Error ? error.message : String(error);
  const { code, path, message, details } = error;
  const what = chinese
    ? `${zhErrorText(code)}${path ? ` (${path})` : ''}`
    : `${message} ${errorRegistry[code].action}`;
  const found = Object.entries(details).map(([name, value]) => `${name}: ${value}`);
  return `[${code}] ${what}${found.length > 0 ? ` (${found.join(', ')})` : ''}`;
}
