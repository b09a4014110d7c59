import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installInto, runInstalled } from '../support/installation.ts';
import { waitFor } from '../support/wait-for.ts';
import { killProcessesOf, readReadyLine } from '../support/watchpost-process.ts';

const place = mkdtempSync(join(tmpdir(), 'watchpost-installed-'));
const program = join(place, 'opt/watchpost');
const home = join(place, 'home');
const data = join(home, 'data');
const nobody = 65_534;
const environment = { PATH: '/usr/bin:/bin', HOME: home, TMPDIR: home, WATCHPOST_DATA: data };

beforeAll(() => {
  mkdirSync(home);
  chownSync(home, nobody, nobody);
  chownSync(place, nobody, nobody);
  installInto(program, ['all']);
});
afterAll(() => {
  killProcessesOf(data);
  rmSync(place, { recursive: true, force: true });
});

/** The command as an ordinary user, where the installation cannot be written. Needs root. */
const asNobody = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd / && shift &&
  exec setpriv --reuid=${nobody} --regid=${nobody} --clear-groups "$@"`;
const command = (args: readonly string[]): readonly string[] => [
  ...['--mount', 'bash', '-c', asNobody, 'bash', program, join(program, 'bin/watchpost')],
  ...args,
];

it('an installation runs the demo for an ordinary user, without npm, and writes into the data folder alone', async () => {
  const child = spawn('unshare', command(['start', '--demo', '--json']), {
    env: { ...environment, WATCHPOST_HTTP_PORT: '0', WATCHPOST_MQTT_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ready = await readReadyLine(child, 170_000);
  expect((await fetch(ready.console)).status).toBe(200);
  await waitFor('the gateway to be well', async () => {
    const health = await (await fetch(new URL('healthz', ready.console))).json();
    return (health as { status: string }).status === 'ok' || null;
  });
  // Node-RED was not asked for.
  expect(ready.flows).toBeUndefined();
  expect(existsSync(join(data, 'demo', 'camera'))).toBe(true);
  const exited = once(child, 'exit');
  process.kill(child.pid as number, 'SIGTERM');
  expect((await exited)[0]).toBe(0);
}, 200_000);

it('a server without a gateway says so, with a code', () => {
  const server = join(place, 'server');
  installInto(server, ['server']);
  const { status, stderr } = spawnSync(join(server, 'bin/watchpost'), ['start', '--demo'], {
    env: environment,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('[install.part_absent]') });
  // Video is the gateway’s alone; the models come along, because people are enrolled on the server.
  expect(existsSync(join(server, 'node_modules/node-av'))).toBe(false);
  expect(existsSync(join(server, 'node_modules/onnxruntime-node'))).toBe(true);
  symlinkSync(join(server, 'bin/watchpost'), join(home, 'watchpost'));
  expect(runInstalled(join(home, 'watchpost'), ['--help'])).toContain('watchpost');
});
