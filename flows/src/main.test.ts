import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { confinedEnvironment, confinement } from './confinement.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchpost-flows-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(changes: object, options = confinement(folder)) {
  const config = {
    port: 0,
    secret: 'a-secret-of-the-reverse-proxy',
    dataFolder: folder,
    site: 'demo',
    broker: { url: 'mqtt://127.0.0.1:1' },
  };
  const env = confinedEnvironment(process.env, folder);
  const child = fork(main, ['-'], {
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    execArgv: [...options],
    env,
  });
  child.stdin?.end(JSON.stringify({ ...config, ...changes }));
  const [message] = await once(child, 'message');
  return { child, message: message as Record<string, unknown> };
}

const headers = { 'x-watchpost-flows-secret': 'a-secret-of-the-reverse-proxy' };
const fetchFrom = (message: Readonly<Record<string, unknown>>, path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${message.port}${path}`, { ...init, headers: { ...headers, ...init.headers } });
const brokerOf = async (message: Readonly<Record<string, unknown>>) =>
  ((await (await fetchFrom(message, '/healthz')).json()) as { broker: string }).broker;

test('runs without a broker, and ends with its parent', async () => {
  const { child, message } = await run({});
  expect(message).toEqual({ ready: true, port: expect.any(Number) });
  expect((await fetchFrom(message, '/flows/')).status).toBe(200);
  expect(await brokerOf(message)).toBe('connecting');
  const exited = once(child, 'exit');
  child.disconnect();
  expect((await exited)[0]).toBe(0);
});

test('Node-RED is loaded when somebody comes to it, and at the start once somebody has deployed', async () => {
  const first = await run({});
  expect(await brokerOf(first.message)).toBe('not_needed');
  // The editor deploys while nothing was loaded so far: what was stored is read before.
  const stored = (await (await fetchFrom(first.message, '/flows/flows')).json()) as { id: string }[];
  expect(stored.length).toBeGreaterThan(1);
  const flows = [...stored, { id: 'b0b0b0b0b0b0b0b0', type: 'tab', label: 'mine' }];
  const deployed = await fetchFrom(first.message, '/flows/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(flows),
  });
  expect(deployed.status).toBe(204);
  const exited = once(first.child, 'exit');
  first.child.disconnect();
  await exited;
  const second = await run({});
  expect(await brokerOf(second.message)).toBe('connecting');
  const kept = (await (await fetchFrom(second.message, '/flows/flows')).json()) as { label?: string }[];
  expect(kept.map(({ label }) => label)).toContain('mine');
  const ended = once(second.child, 'exit');
  second.child.disconnect();
  await ended;
});

test('a taken port is one coded error', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { child, message } = await run({ port });
  expect(message).toMatchObject({ ready: false, code: 'config.port_taken', details: { port } });
  expect((await once(child, 'exit'))[0]).toBe(1);
  other.close();
});

test('a bad setting is named', async () => {
  const { child, message } = await run({ secret: 'short' });
  expect(message).toMatchObject({ ready: false, code: 'config.invalid' });
  expect(message.message).toContain('/secret');
  await once(child, 'exit');
});

test.each([
  ['nothing', (): string[] => []],
  [
    'SQLite',
    (options: readonly string[]) => options.filter((option) => option !== '--no-experimental-sqlite'),
  ],
  ['child processes', (options: readonly string[]) => [...options, '--allow-child-process']],
  ['the whole disk', (options: readonly string[]) => [...options, '--allow-fs-read=*']],
])('is refused when it is not confined: %s', async (_what, change) => {
  const { child, message } = await run({}, change(confinement(folder)));
  expect(message).toMatchObject({ ready: false, code: 'config.unconfined' });
  await once(child, 'exit');
});

test('the environment holds nothing that may be a secret', () => {
  const parent = {
    PATH: '/bin',
    DATABASE_URL: 'postgres://u:p@h/d',
    AWS_SECRET_ACCESS_KEY: 'x',
    HOME: '/root',
  };
  expect(confinedEnvironment(parent, '/data')).toEqual({ PATH: '/bin', HOME: '/data/flows' });
});
