import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runs, spawnNode } from './testing/spawn-node.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 20 });
const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** Writes down what happens to it; `config.habit` says how it misbehaves. */
const program = `
  import { appendFileSync, mkdirSync } from 'node:fs';
  import { WatchpostError } from ${here('../../contracts/src/errors/index.ts')};
  import { runService } from ${here('./run-service.ts')};
  process.argv.splice(1, 0, 'program');
  const note = (what) => appendFileSync(process.env.NOTES, what + '\\n');
  await runService({
    name: 'test',
    parse: (value) => {
      if (typeof value.habit !== 'string') throw new WatchpostError('config.invalid', { path: '/habit' });
      return value;
    },
    start: async ({ habit }) => {
      if (habit === 'fails') throw new WatchpostError('config.port_taken', { path: '/port', details: { port: 1 } });
      if (habit === 'breaks') throw new Error('broken');
      const timer = setInterval(() => {}, 1000);
      if (habit === 'slow') { note('starting ' + process.pid); await new Promise((go) => setTimeout(go, 60_000)); }
      note('started ' + process.pid);
      return {
        stop: async () => {
          if (habit === 'never stops') await new Promise(() => {});
          clearInterval(timer);
          note('stopped');
        },
      };
    },
    announce: () => ({ port: 7 }),
    ...(process.env.RELOADS ? { reload: (_service, { habit }) => note('reloaded ' + habit) } : {}),
    stopMs: 300,
  });`;

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-service-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const configFile = () => join(folder, 'config.json');
const notes = () => {
  try {
    // Made a moment before its first line is written.
    return readFileSync(join(folder, 'notes'), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
};
const pidOf = (note: string | undefined) => Number(note?.split(' ')[1]);

function start(
  config: unknown,
  { ipc = true, reloads = false, text = JSON.stringify(config), env = {} } = {},
): ChildProcess {
  writeFileSync(configFile(), text);
  const child = spawnNode(program, {
    args: [configFile()],
    ipc,
    env: {
      NOTES: join(folder, 'notes'),
      WATCHPOST_LOG_LEVEL: 'silent',
      ...(reloads ? { RELOADS: '1' } : {}),
      ...env,
    },
  });
  children.push(child);
  return child;
}

test('says when it runs, and what its parent needs to know', async () => {
  const child = start({ habit: 'good' });
  expect((await once(child, 'message'))[0]).toEqual({ ready: true, port: 7 });
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s stops it properly', async (signal) => {
  const child = start({ habit: 'good' });
  await once(child, 'message');
  child.kill(signal);
  expect((await once(child, 'exit'))[0]).toBe(0);
  expect(notes()).toEqual([expect.stringContaining('started'), 'stopped']);
});

test('the end of its parent stops it: the channel closes', async () => {
  const child = start({ habit: 'good' });
  await once(child, 'message');
  child.disconnect();
  expect((await once(child, 'exit'))[0]).toBe(0);
  expect(notes().at(-1)).toBe('stopped');
});

test('the end of its parent stops it: without a channel, killed without a word', async () => {
  writeFileSync(configFile(), JSON.stringify({ habit: 'good' }));
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn(process.execPath, ${JSON.stringify(['--input-type=module', '-e', program, '--', configFile()])}, { stdio: 'inherit' }); setInterval(() => {}, 1000)`,
    ],
    {
      cwd: import.meta.dirname,
      env: { ...process.env, NOTES: join(folder, 'notes'), WATCHPOST_LOG_LEVEL: 'silent' },
      stdio: 'inherit',
    },
  );
  children.push(parent);
  await until(() => expect(notes()).toHaveLength(1));
  const pid = pidOf(notes()[0]);
  expect(runs(pid)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => expect(notes().at(-1)).toBe('stopped'));
  await until(() => expect(runs(pid)).toBe(false));
});

test('a launcher that was told to somebody else, further up, is not taken for its parent', async () => {
  const child = start({ habit: 'good' }, { env: { WATCHPOST_PARENT: String(process.ppid) } });
  await once(child, 'message');
  // Several looks at the parent.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(notes()).toEqual([expect.stringContaining('started')]);
});

test('a launcher that died before it began ends it', async () => {
  const dead = spawn('true');
  await once(dead, 'exit');
  start({ habit: 'good' }, { env: { WATCHPOST_PARENT: String(dead.pid) } });
  await until(() => expect(notes().at(-1)).toBe('stopped'));
});

test('SIGHUP reads the configuration again where that is known; a bad one changes nothing', async () => {
  const child = start({ habit: 'good' }, { reloads: true });
  await once(child, 'message');
  writeFileSync(configFile(), '{}');
  child.kill('SIGHUP');
  writeFileSync(configFile(), JSON.stringify({ habit: 'better' }));
  child.kill('SIGHUP');
  await until(() => expect(notes().at(-1)).toBe('reloaded better'));
});

test.each([
  [
    'a start that fails by its code',
    { habit: 'fails' },
    { code: 'config.port_taken', path: '/port', details: { port: 1 } },
  ],
  ['a start that breaks', { habit: 'breaks' }, { code: 'api.internal' }],
  ['a setting that is wrong by its path', { habit: 7 }, { code: 'config.invalid', path: '/habit' }],
])('%s is told and ends with 1', async (_what, config, report) => {
  const child = start(config);
  const exited = once(child, 'exit');
  expect((await once(child, 'message'))[0]).toMatchObject({ ready: false, ...report });
  expect((await exited)[0]).toBe(1);
});

test('a file that is no JSON is named, and not quoted', async () => {
  const child = start({}, { text: '{"password": "secret"' });
  const [message] = await once(child, 'message');
  expect(message).toMatchObject({ ready: false, code: 'config.invalid', path: configFile() });
  expect(JSON.stringify(message)).not.toContain('secret');
});

test('a start that fails ends with 1 though nobody listens', async () => {
  const child = start({ habit: 'fails' }, { ipc: false });
  expect((await once(child, 'exit'))[0]).toBe(1);
});

test('whoever asks to stop during a start need not wait for it', async () => {
  const child = start({ habit: 'slow' });
  await until(() => expect(notes()).toHaveLength(1));
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
});

test('a stop that does not end is ended', async () => {
  const child = start({ habit: 'never stops' });
  await once(child, 'message');
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(1);
});
