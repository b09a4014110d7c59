import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { killProcessesOf, processesOf } from '../support/watchpost-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let data: string;
// A second try finds nothing of the first.
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'watchpost-dev-'));
});
afterEach(() => {
  killProcessesOf(data);
  rmSync(data, { recursive: true, force: true });
});

/** What `npm run dev` says, as far as it has. */
function listenTo(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  return () => said;
}

const times = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

it('npm run dev: the console as it is edited, services anew when their source is saved, one end for all', async () => {
  const child = spawn(process.execPath, ['scripts/dev.ts'], {
    cwd: root,
    env: {
      ...process.env,
      ...{ WATCHPOST_DATA: data, WATCHPOST_HTTP_PORT: '0', WATCHPOST_MQTT_PORT: '0', NO_COLOR: '1' },
      FORCE_COLOR: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = listenTo(child);
  const address = await waitFor(
    'the console’s server',
    () => /Local:\s+(http:\S+)/.exec(said())?.[1] ?? null,
    150_000,
  );
  expect(await (await fetch(address)).text()).toContain('/@vite/client');
  expect((await fetch(new URL('api/v1/openapi.json', address))).status).toBe(200);
  const before = processesOf(data).map(({ pid }) => pid);

  // Saved, with nothing in it changed.
  utimesSync(join(root, 'broker/src/policy.ts'), new Date(), new Date());
  await waitFor('the site to start anew', () => times(said(), /dev: user demo/g) === 2 || null, 150_000);
  expect(said()).toContain(`dev: ${join('broker', 'src', 'policy.ts')} changed`);
  expect((await fetch(new URL('api/v1/openapi.json', address))).status).toBe(200);
  const gone = before.filter((pid) => !processesOf(data).some((each) => each.pid === pid));
  expect(gone.length).toBeGreaterThan(2);

  const exited = once(child, 'exit');
  child.kill('SIGINT');
  expect((await exited)[0]).toBe(0);
  expect(processesOf(data)).toEqual([]);
}, 320_000);
