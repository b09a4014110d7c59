import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { killProcessesOf, readReadyLine } from '../support/watchpost-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'watchpost-read-only-'));
const data = join(place, 'data');
const nobody = 65_534;
afterAll(() => {
  killProcessesOf(data);
  rmSync(place, { recursive: true, force: true });
});

// A mount namespace of its own, in which the checkout cannot be written; then an ordinary user. Needs root.
const readOnly = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" &&
  exec setpriv --reuid=${nobody} --regid=${nobody} --clear-groups "$2" scripts/run.mjs cli/src/main.ts start --demo --json`;

it('a checkout that cannot be written starts for an ordinary user, with everything in the data folder', async () => {
  chownSync(place, nobody, nobody);
  const child = spawn('unshare', ['--mount', 'bash', '-c', readOnly, 'bash', root, process.execPath], {
    env: {
      PATH: process.env.PATH,
      HOME: place,
      TMPDIR: place,
      WATCHPOST_DATA: data,
      WATCHPOST_HTTP_PORT: '0',
      WATCHPOST_MQTT_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ready = await readReadyLine(child, 110_000);
  expect((await fetch(ready.console)).status).toBe(200);
  expect(existsSync(join(data, 'demo', 'camera'))).toBe(true);
  const exited = once(child, 'exit');
  process.kill(-(child.pid as number), 'SIGINT');
  expect((await exited)[0]).toBe(0);
});
