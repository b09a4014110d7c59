import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mayAllowCores } from '@watchpost/service/testing/core-files';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isEverybodyListed, peopleFile } from '../../cli/src/demo/listing-progress.ts';
import { waitFor } from '../support/wait-for.ts';
import { killProcessesOf, processesOf, readReadyLine } from '../support/watchpost-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'cli', 'bin', 'watchpost.mjs');
const place = mkdtempSync(join(tmpdir(), 'watchpost-processes-'));
const data = join(place, 'data');
const starters: ChildProcess[] = [];

afterAll(() => {
  for (const starter of starters) starter.kill('SIGKILL');
  killProcessesOf(data);
  killProcessesOf(place);
  rmSync(place, { recursive: true, force: true });
});

/**
 * Starts a command as somebody’s shell would that allows core files: below a parent that can die. What
 * belongs together carries the folder in its environment.
 */
function startBelowAParent(
  folder: string,
  command: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ChildProcess {
  const starter = spawn('sh', ['-c', 'ulimit -c unlimited 2>/dev/null; "$@" & wait', 'sh', ...command], {
    cwd: place,
    env: {
      ...process.env,
      WATCHPOST_DATA: folder,
      WATCHPOST_HTTP_PORT: '0',
      WATCHPOST_MQTT_PORT: '0',
      WATCHPOST_FLOWS_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  starters.push(starter);
  return starter;
}

/** Sockets that the process listens on. */
function listeners(pid: number): string[] {
  const listening = new Set(
    ['tcp', 'tcp6'].flatMap((table) =>
      readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        // proc(5): state 0A is LISTEN, the tenth field the inode
        .flatMap((fields) => (fields[3] === '0A' ? [`socket:[${fields[9]}]`] : [])),
    ),
  );
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return listening.has(target) ? [target] : [];
    } catch {
      return [];
    }
  });
}

const coreLimit = (pid: number): string | undefined =>
  /^Max core file size\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
const coreFiles = (): string[] =>
  [place, root, data].flatMap((folder) => readdirSync(folder).filter((name) => /^core(\.\d+)?$/.test(name)));
const gone = (folder: string) =>
  waitFor('every process gone', () => processesOf(folder).length === 0, 30_000).then(() => undefined);
/** Our own processes: not the shell that started them. */
const ours = () => processesOf(data).filter(({ command }) => !command.startsWith('sh -c'));

/**
 * When the demo has put its people on the lists and the camera looks for them: what only helps with that has
 * ended, and no process came or went for five seconds.
 */
async function settled(): Promise<void> {
  let pids = '';
  let sinceMs = Date.now();
  await waitFor(
    'the demo to have set itself up',
    () => {
      const now = ours();
      const seen = now.map(({ pid }) => pid).join(' ');
      if (seen !== pids) [pids, sinceMs] = [seen, Date.now()];
      const isSettingUp =
        !isEverybodyListed(peopleFile(data)) || now.some(({ command }) => command.includes('/enrolment'));
      return !isSettingUp && Date.now() - sinceMs > 5_000;
    },
    120_000,
  );
}

describe('the measures of this test', () => {
  it('find an inspector and a core limit where nobody takes care', async () => {
    const waits = "setInterval(() => {}, 1000); console.log('{}')";
    const starter = startBelowAParent(place, [process.execPath, '--inspect-port=0', '-e', waits]);
    await once(starter.stdout as NonNullable<typeof starter.stdout>, 'data');
    const [found] = processesOf(place).filter(({ command }) => command.includes('--inspect-port=0 -e'));
    const pid = processesOf(place).find(({ command }) => command.startsWith(process.execPath))?.pid ?? 0;
    expect(found).toBeDefined();
    if (mayAllowCores()) expect(coreLimit(pid)).not.toBe('0');
    expect(listeners(pid)).toEqual([]);
    process.kill(pid, 'SIGUSR1');
    await waitFor('the inspector', () => listeners(pid).length > 0);
    process.kill(pid, 'SIGKILL');
  });
});

describe('a running demo', () => {
  let starter: ChildProcess;

  it('starts although its folders carry locks with the numbers of living strangers', async () => {
    for (const folder of [data, join(data, 'store'), join(data, 'edge')]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'in-use.lock'), `${process.pid} the-boot-before/1\n`);
    }
    starter = startBelowAParent(data, [process.execPath, bin, 'start', '--json']);
    expect((await readReadyLine(starter, 180_000)).ready).toBe(true);
    await settled();
    // launcher, supervisor, broker, alerting, flows, agent, decoders
    expect(ours().length).toBeGreaterThanOrEqual(7);
  }, 320_000);

  it('opens no inspector on SIGUSR1, in any of its processes', async () => {
    const before = new Map(ours().map(({ pid }) => [pid, listeners(pid)]));
    for (const pid of before.keys()) process.kill(pid, 'SIGUSR1');
    await sleep(3_000);
    for (const [pid, sockets] of before) expect(listeners(pid)).toEqual(sockets);
  });

  it('writes no core file when its parts crash, and allows none', async () => {
    for (const { pid, command } of ours()) expect(`${command} ${coreLimit(pid)}`).toBe(`${command} 0`);
    // The leaves first: launcher and supervisor take the rest with them and are tried below.
    const parts = ours().filter(({ command }) =>
      /decoder|edge-agent|alerting-process|flows|broker/.test(command),
    );
    expect(parts.length).toBeGreaterThanOrEqual(5);
    for (const { pid } of parts.toReversed()) process.kill(pid, 'SIGSEGV');
    await waitFor('the crashes', () => parts.every(({ pid }) => !ours().some((one) => one.pid === pid)));
    expect(coreFiles()).toEqual([]);
  });

  it('ends when the parent that started it dies without a word', async () => {
    starter.kill('SIGKILL');
    await gone(data);
  });
});

describe.each([
  ['the launcher', 'run-by-launcher'],
  ['the supervisor', 'supervisor'],
] as const)('a crash of %s', (_who, which) => {
  it('writes no core file and leaves nothing running', async () => {
    const starter = startBelowAParent(data, [process.execPath, bin, 'broker', '--demo']);
    await once(starter.stdout as NonNullable<typeof starter.stdout>, 'data');
    const isLauncher = ({ command }: { command: string }) => command.includes('watchpost.mjs');
    const target = ours().find((one) => isLauncher(one) === (which === 'run-by-launcher'));
    expect(coreLimit(target?.pid ?? 0)).toBe('0');
    process.kill(target?.pid ?? 0, 'SIGSEGV');
    await gone(data);
    expect(coreFiles()).toEqual([]);
  });
});

/** Everything else that somebody may start and leave. */
describe.each([
  ['watchpost broker --demo', () => [process.execPath, bin, 'broker', '--demo']],
  [
    // npm is the parent of a shell that is our launcher’s parent, and the shell outlives it.
    'npm start’s way',
    () => [
      'sh',
      '-c',
      `${process.execPath} ${join(root, 'scripts/run.mjs')} ${join(root, 'cli/src/main.ts')} broker --demo`,
    ],
  ],
  [
    'watchpost broker --config',
    () => {
      writeFileSync(join(place, 'broker.json'), JSON.stringify({ port: 0, identities: [] }));
      return [process.execPath, bin, 'broker', '--config', join(place, 'broker.json')];
    },
  ],
  [
    'an agent started by hand',
    () => {
      writeFileSync(
        join(place, 'agent.json'),
        JSON.stringify({
          site: 's1',
          gateway: 'g1',
          dataFolder: 'agent',
          broker: { url: 'mqtt://127.0.0.1:1' },
          devices: [
            {
              kind: 'smoke',
              id: 'd1',
              zone: 'hall',
              profile: 'generic-smoke',
              connect: { driver: 'simulator' },
            },
          ],
        }),
      );
      return [process.execPath, join(root, 'edge-agent/src/main.ts'), join(place, 'agent.json')];
    },
  ],
])('%s', (what, command) => {
  afterEach(() => killProcessesOf(data));

  it('ends when its parent dies', async () => {
    const environment = what.startsWith('npm') ? { npm_lifecycle_event: 'start' } : {};
    const starter = startBelowAParent(data, command(), environment);
    await waitFor('it runs', () => ours().some(({ command: line }) => /main\.ts/.test(line)));
    // Time to come up: a process that has only begun would end for other reasons.
    await sleep(3_000);
    expect(ours().length).toBeGreaterThan(0);
    starter.kill('SIGKILL');
    await gone(data);
  });
});
