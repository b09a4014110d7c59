import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorRegistry } from '@watchpost/contracts/errors';
import { afterAll, expect, it } from 'vitest';
import { zhErrorText } from '../dashboards/console/src/texts/zh-error-text.ts';

const script = fileURLToPath(new URL('./install.mjs', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'watchpost-arguments-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const run = (args: readonly string[], LANG = 'C') =>
  spawnSync(process.execPath, [script, ...args], {
    cwd: place,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LANG },
  });

it.each([
  '',
  'gateway',
  'everything here',
  'server here there',
  'server here --with-everything',
  'gateway here --with-flows',
])('install.mjs %s: says what is wrong, and does nothing', (args) => {
  const { status, stderr, stdout } = run(args.split(' ').filter(Boolean));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('[install.arguments]');
  expect(existsSync(join(place, 'here'))).toBe(false);
  expect(readdirSync(place)).toEqual([]);
});

it('says it as the registry does, in the language of the terminal, before any package is there', () => {
  expect(run([]).stderr).toContain(errorRegistry['install.arguments'].summary);
  expect(zhErrorText('install.arguments')).toContain('没有说明要安装什么或安装到哪里。');
  expect(run([], 'zh_CN.UTF-8').stderr).toContain('没有说明要安装什么或安装到哪里。');
});

it('--help is an answer', () => {
  const { status, stdout } = run(['--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('--with-flows');
});
