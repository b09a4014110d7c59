import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchpost-flows-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(changes: object) {
  const path = join(folder, 'flows.json');
  const config = {
    port: 0,
    secret: 'a-secret-of-the-reverse-proxy',
    dataFolder: folder,
    site: 'demo',
    broker: { url: 'mqtt://127.0.0.1:1' },
  };
  await writeFile(path, JSON.stringify({ ...config, ...changes }), { mode: 0o600 });
  const child = fork(main, [path], { silent: true, execArgv: [] });
  const [message] = await once(child, 'message');
  return { child, message: message as Record<string, unknown> };
}

test('runs without a broker, and ends with its parent', async () => {
  const { child, message } = await run({});
  expect(message).toEqual({ ready: true, port: expect.any(Number) });
  const headers = { 'x-watchpost-flows-secret': 'a-secret-of-the-reverse-proxy' };
  const health = await fetch(`http://127.0.0.1:${message.port}/healthz`, { headers });
  expect(await health.json()).toEqual({ ok: true, broker: 'connecting' });
  const exited = once(child, 'exit');
  child.disconnect();
  expect((await exited)[0]).toBe(0);
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
