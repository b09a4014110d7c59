import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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

test('what a process left that was killed while it took the lock goes, that of a living one stays', () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  for (const pid of [dead, process.ppid]) {
    writeFileSync(join(folder, `in-use.lock.${pid}.new`), '');
    writeFileSync(join(folder, `in-use.lock.${pid}`), '');
  }
  lockFolder(folder)();
  expect(readdirSync(folder).toSorted()).toEqual([
    `in-use.lock.${process.ppid}`,
    `in-use.lock.${process.ppid}.new`,
  ]);
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

/** What a lock says of a living process: number, boot and start tick, as this module writes them. */
function traceOfTheLiving(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return `${pid} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${tick}\n`;
}

test.each([
  ['of another boot', () => `${process.ppid} another-boot/1\n`],
  ['that started at another time', () => traceOfTheLiving(process.ppid).replace(/\d+\n$/, '1\n')],
  ['of whom only the number is known', () => `${process.ppid}\n`],
  ['that is init', () => '1\n'],
])('the number of a living stranger %s does not hold the folder', (_who, lock) => {
  writeFileSync(join(folder, 'in-use.lock'), lock());
  const release = lockFolder(folder);
  expect(readFileSync(join(folder, 'in-use.lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['', 'not a number', '-1 x', '99999999 x'])('a lock that reads %j is nobody’s', (lock) => {
  writeFileSync(join(folder, 'in-use.lock'), lock);
  lockFolder(folder)();
});

test('a process that has ended but was not waited for holds nothing', async () => {
  // The shell becomes a program that never waits for its child: a zombie.
  const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
  writeFileSync(join(folder, 'in-use.lock'), traceOfTheLiving(pid));
  expect(() => lockFolder(folder)).toThrow(refused);
  await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /), {
    timeout: 20_000,
  });
  lockFolder(folder)();
  parent.kill();
});

test('of many that want it at once one has it', async () => {
  const script = `
    import { lockFolder } from ${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)};
    try { lockFolder(${JSON.stringify(folder)}); process.stdout.write('held'); setInterval(() => {}, 1000); }
    catch { process.stdout.write('refused'); }`;
  writeFileSync(join(folder, 'in-use.lock'), '99999999 left-behind');
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const said = await Promise.all(
    children.map(
      (child) => new Promise((resolve) => child.stdout.once('data', (bytes) => resolve(`${bytes}`))),
    ),
  );
  for (const child of children) child.kill('SIGKILL');
  expect(said.toSorted()).toEqual(['held', 'refused', 'refused', 'refused']);
});

test('missing levels are made; a place that takes no folders is refused at once', () => {
  lockFolder(join(folder, 'a', 'b', 'c'))();
  expect(() => lockFolder('/proc/watchpost/data')).toThrow(refused);
});

test('a folder that cannot be made is refused', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => lockFolder(join(folder, 'file', 'data'))).toThrow(refused);
});
