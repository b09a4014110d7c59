import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from './listen-locally.ts';
import { adminSocketOf, askLocally, serveLocally } from './local-socket.ts';
import { localSocketPolicy } from './policy.ts';

let folder: string;
let server: LocalServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'socket-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});
const echo = async (request: unknown) => ({ said: request });

/** Writes something raw and gives what comes back. */
const raw = (path: string, bytes: string | Buffer): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    const socket = createConnection(path, () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => resolve(text)).on('close', () => resolve(text));
  });

describe('a local socket', () => {
  it('answers its owner, and nobody else may open it', async () => {
    const path = adminSocketOf(folder);
    server = await serveLocally(path, echo);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await askLocally(path, { list: true })).toEqual({ value: { said: { list: true } } });
    expect(await Promise.all([1, 2, 3].map((n) => askLocally(path, n)))).toEqual(
      [1, 2, 3].map((said) => ({ value: { said } })),
    );
  });
  it('works in a folder whose path is longer than a socket’s address may be', async () => {
    const long = join(folder, 'x'.repeat(100), 'y'.repeat(100));
    mkdirSync(long, { recursive: true });
    server = await serveLocally(adminSocketOf(long), echo);
    expect(await askLocally(adminSocketOf(long), 1)).toEqual({ value: { said: 1 } });
    expect(statSync(adminSocketOf(long)).mode & 0o777).toBe(0o600);
  });
  it('gives errors with their code, path and details', async () => {
    const path = adminSocketOf(folder);
    server = await serveLocally(path, async () => {
      throw new WatchpostError('config.invalid', { path: '/x', details: { expected: 'y' } });
    });
    await expect(askLocally(path, 1)).rejects.toMatchObject({
      ...{ code: 'config.invalid', path: '/x', details: { expected: 'y' } },
    });
  });
  it('refuses what is no request, and goes on', async () => {
    const path = adminSocketOf(folder);
    server = await serveLocally(path, echo);
    expect(await raw(path, 'no json\n')).toContain('local.malformed');
    expect(await raw(path, Buffer.alloc(localSocketPolicy.lineBytes + 10, 0x61))).toContain(
      'local.malformed',
    );
    expect(await askLocally(path, 1)).toEqual({ value: { said: 1 } });
  });
  it('says that nobody is there, whatever a killed process left', async () => {
    expect(await askLocally(adminSocketOf(folder), 1)).toBeUndefined();
    expect(await askLocally(adminSocketOf(join(folder, 'none', 'x'.repeat(100))), 1)).toBeUndefined();
    writeFileSync(adminSocketOf(folder), '');
    expect(await askLocally(adminSocketOf(folder), 1)).toBeUndefined();
    server = await serveLocally(adminSocketOf(folder), echo);
    expect(await askLocally(adminSocketOf(folder), 1)).toEqual({ value: { said: 1 } });
  });
});
