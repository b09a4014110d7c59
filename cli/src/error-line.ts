import { zhErrorText } from '@watchpost/console/zh-error-text';
import { errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import type { Texts } from './texts.ts';

/** Names of details that a person is to understand; others are for programs and stay. */
const namesInChinese: Readonly<Record<string, string>> = {
  expected: '应为',
  found: '现为',
  least: '至少',
  most: '至多',
  meant: '是否想写',
  folder: '文件夹',
  file: '文件',
  line: '行',
  column: '列',
  port: '端口',
  host: '主机',
  owner: '用户',
  names: '名称',
  service: '服务',
  usedByProcess: '占用它的进程',
  process: '占用它的进程',
};

/** One clear line for a terminal: code, what, where, and what to do. */
export function errorLine(error: unknown, { chinese }: Pick<Texts, 'chinese'>): string {
  if (!(error instanceof WatchpostError)) return error instanceof Error ? error.message : String(error);
  const { code, path, message, details } = error;
  const what = chinese
    ? `${zhErrorText(code)}${path ? ` (${path})` : ''}`
    : `${message} ${errorRegistry[code].action}`;
  const found = Object.entries(details).map(
    ([name, value]) => `${(chinese && namesInChinese[name]) || name}: ${value}`,
  );
  return `[${code}] ${what}${found.length > 0 ? ` (${found.join(', ')})` : ''}`;
}
