import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingsOf } from '../support/trace-findings.ts';
import { runTraced } from '../support/traced-run.ts';
import { waitFor } from '../support/wait-for.ts';
import { killProcessesOf, processesOf, readReadyLine } from '../support/watchpost-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** How long the demo runs under the eyes of the test, seconds; `npm run soak -- quiet` has it longer. */
const watchedS = Number(process.env.WATCHPOST_QUIET_SECONDS ?? 180);

const place = mkdtempSync(join(tmpdir(), 'watchpost-quiet-'));
const folders = { home: join(place, 'home'), temporary: join(place, 'tmp'), data: join(place, 'data') };
const trace = (name: string): string => join(place, `${name}.trace`);
/** Not a word about telemetry or npm: what a person has who starts a file by hand. */
const environment: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: folders.home,
  TMPDIR: folders.temporary,
  WATCHPOST_DATA: folders.data,
  WATCHPOST_HTTP_PORT: '0',
  WATCHPOST_MQTT_PORT: '0',
};
const allowed = [
  `${folders.data}/`,
  join(root, 'node_modules', '.cache', 'watchpost-'),
  join(root, 'dashboards', 'console', 'dist'),
  '/dev/',
  '/proc/',
];
const isAllowed = (path: string): boolean =>
  path === folders.data ||
  allowed.some((start) => path.startsWith(start)) ||
  path === join(root, 'node_modules', '.cache');

const findings = (name: string) => findingsOf(readFileSync(trace(name), 'utf8'), isAllowed);
const run = (name: string, ...args: readonly string[]) =>
  runTraced(trace(name), [process.execPath, ...args], environment, root);

beforeAll(() => {
  for (const folder of Object.values(folders)) mkdirSync(folder);
  // The console is built in the test, so that its build is looked at too.
  rmSync(join(root, 'dashboards', 'console', 'dist'), { recursive: true, force: true });
});
afterAll(() => {
  killProcessesOf(folders.data);
  rmSync(place, { recursive: true, force: true });
});

describe('the trace', () => {
  it('finds a program that connects, asks for a name and writes a file', async () => {
    const file = join(place, 'stray');
    const program = `
      require('node:net').connect(9, '192.0.2.1').on('error', () => {});
      require('node:dns').resolve('telemetry.invalid', () => {});
      require('node:fs').writeFileSync(${JSON.stringify(file)}, '');
    `;
    await once(run('planted', '-e', program), 'exit');
    const found = findings('planted');
    expect(found.filter(({ what }) => what === 'connection').map(({ where }) => where)).toEqual([
      '192.0.2.1',
    ]);
    expect(found.some(({ what }) => what === 'name question')).toBe(true);
    expect(found.filter(({ what }) => what === 'file').map(({ where }) => where)).toEqual([file]);
  });
});

describe('the demo site on a computer without a way out', () => {
  it(
    'builds its console, enrols its people, runs and stops without a word to anybody or a file out of place',
    async () => {
      const site = run('demo', 'scripts/run.mjs', 'cli/src/main.ts', 'start', '--demo', '--json');
      const ready = await readReadyLine(site, 180_000);
      expect(ready.ready).toBe(true);
      await sleep(watchedS * 1000);
      expect(processesOf(folders.data).length).toBeGreaterThan(5);
      const launcher = processesOf(folders.data).find(({ command }) =>
        command.startsWith(`${process.execPath} scripts/run.mjs`),
      );
      process.kill(launcher?.pid ?? 0, 'SIGINT');
      await waitFor('everything ended', () => processesOf(folders.data).length === 0, 20_000);
      expect(findings('demo')).toEqual([]);
    },
    (watchedS + 240) * 1000,
  );

  it('a gateway started by hand is as silent', async () => {
    const config = join(folders.data, 'run', 'edge.json');
    expect(existsSync(config)).toBe(true);
    const agent = run('agent', 'edge-agent/src/main.ts', config);
    await sleep(15_000);
    expect(agent.exitCode).toBeNull();
    killProcessesOf(folders.data);
    await waitFor('the gateway ended', () => processesOf(folders.data).length === 0, 20_000);
    expect(readFileSync(trace('agent'), 'utf8').length).toBeGreaterThan(1000);
    expect(findings('agent')).toEqual([]);
  });

  it('so is a bench of the models', async () => {
    const bench = run('bench', 'cli/src/main.ts', 'models', 'bench', '--times', '3');
    expect(await once(bench, 'exit')).toEqual([0, null]);
    expect(findings('bench')).toEqual([]);
  });

  it('the home and the temporary folder are as empty as before', () => {
    expect(readdirSync(folders.home)).toEqual([]);
    expect(readdirSync(folders.temporary)).toEqual([]);
  });
});
