import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refused = expect.objectContaining({ code: 'config.data_folder' });

test('one holder at a time; released, the folder is free', () => {
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(refused);
  release();
  release();
  lockFolder(folder)();
});

test('a living process keeps its folder, a dead one does not', async () => {
  const script = `
    import { lockFolder } from ${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)};
    lockFolder(${JSON.stringify(folder)});
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  // From this folder, so that the workspace packages are found.
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(() => lockFolder(folder)).toThrow(refused);
  child.kill('SIGKILL');
  await ended;
  lockFolder(folder)();
});

test('a number that now belongs to another process does not hold the folder', () => {
  writeFileSync(join(folder, 'store.lock'), `${process.ppid} another-boot/1\n`);
  const release = lockFolder(folder);
  expect(readFileSync(join(folder, 'store.lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  release();
});

test('a folder that cannot be made is refused', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => lockFolder(join(folder, 'file', 'data'))).toThrow(refused);
});
