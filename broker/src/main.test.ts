import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { everybody } from './broker-testing.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchpost-broker-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(config: unknown) {
  const path = join(folder, 'broker.json');
  await writeFile(path, JSON.stringify(config));
  const child = fork(main, [path], { silent: true, execArgv: [] });
  const [message] = await once(child, 'message');
  return { child, message: message as Record<string, unknown> };
}

test('says when it is ready and ends with its parent', async () => {
  const { child, message } = await run({ port: 0, identities: everybody });
  expect(message).toEqual({ ready: true, port: expect.any(Number), ports: [], insecure: 0 });
  const exited = once(child, 'exit');
  child.disconnect();
  expect((await exited)[0]).toBe(0);
});

test('a bad setting is named and ends with 1', async () => {
  const { child, message } = await run({ port: 70_000 });
  expect(message).toMatchObject({ ready: false, code: 'config.invalid' });
  expect(message.message).toContain('/port');
  expect((await once(child, 'exit'))[0]).toBe(1);
});
