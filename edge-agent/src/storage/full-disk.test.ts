import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type GatewayState,
  gatewayStateSchema,
  memoryEpochPrefix,
  parseEvent,
} from '@watchpost/contracts/wire';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentProcess } from '../testing/agent-process.ts';
import { TestBroker } from '../testing/test-broker.ts';

// A disk of a few megabytes is a tmpfs, which only root can mount.
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
const topic = (name: string) => `wp/1/s1/g1/${name}`;
const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 20 });

let folder: string;
let disk: string;
let broker: TestBroker;
let agent: AgentProcess | undefined;
let mounted = false;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-disk-'));
  disk = join(folder, 'disk');
  mkdirSync(disk);
  broker = new TestBroker();
  await broker.start();
});
afterEach(async () => {
  await agent?.signalGroup('SIGKILL');
  await broker.stop();
  if (mounted) execFileSync('umount', [disk]);
  mounted = false;
  chmodSync(disk, 0o700);
  rmSync(folder, { recursive: true });
});

const mount = (options: string) => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]);
  mounted = true;
};
const fill = () => {
  const { bavail, bsize } = statfsSync(disk);
  // The last page for sure.
  for (const bytes of [bavail * bsize, bsize, bsize]) {
    try {
      writeFileSync(join(disk, `filler-${bytes}-${Math.random()}`), Buffer.alloc(bytes, 1));
    } catch {
      return;
    }
  }
};
async function start(): Promise<void> {
  agent = AgentProcess.start(join(folder, 'agent.json'), {
    site: 's1',
    gateway: 'g1',
    dataFolder: join(disk, 'data'),
    broker: { url: broker.url },
    devices: [
      {
        kind: 'smoke',
        id: 'smoke1',
        zone: 'hall',
        profile: 'generic-smoke',
        connect: { driver: 'simulator' },
      },
      {
        kind: 'door_contact',
        id: 'door1',
        zone: 'hall',
        profile: 'generic-door-contact',
        connect: { driver: 'simulator' },
      },
    ],
    policy: { require: false },
    logLevel: 'info',
  });
  expect(await agent.announcement()).toEqual({ ready: true });
  await until(() => expect(state()?.status).toBe('online'));
}
const state = (): GatewayState | undefined =>
  broker
    .on(topic('state'))
    .map((one) => gatewayStateSchema.parse(one))
    .at(-1);
const events = () => broker.on(topic('up')).map((event) => parseEvent(event));
const kinds = () => new Set(events().map(({ data }) => (data as { kind: string }).kind));
let commands = 0;
const trigger = (device: string, action: string) => {
  const id = `00000000-0000-4000-8000-${String(commands++).padStart(12, '0')}`;
  const expires = new Date(Date.now() + 60_000).toISOString();
  return broker.publish(topic('cmd'), { id, expires, name: 'simulator.trigger', device, action });
};
const receipt = (epoch: string, seq: number) =>
  broker.publish(topic('receipt'), { epoch, seq, time: new Date().toISOString() });
/** Confirms everything that came. */
const confirmAll = async () => {
  const newest = new Map<string, number>();
  for (const { epoch, seq } of events()) newest.set(epoch, Math.max(newest.get(epoch) ?? 0, seq));
  for (const [epoch, seq] of newest) await receipt(epoch, seq);
};

test.runIf(mayMount)(
  'on a disk that fills up urgent events go through memory, confirmed ones are deleted all the same, and the state says so',
  async () => {
    mount('size=12m');
    await start();
    for (let turn = 0; turn < 20; turn++) await trigger('door1', turn % 2 ? 'close' : 'open');
    await until(() => expect(events().length).toBe(20));
    fill();
    await trigger('smoke1', 'alarm');
    await until(() => expect(kinds()).toContain('smoke'));
    const alarm = events().find(({ data }) => (data as { kind: string }).kind === 'smoke');
    expect(alarm?.epoch).toMatch(new RegExp(`^${memoryEpochPrefix}`));
    await until(() => expect(state()?.errors).toContain('edge.disk_full'));
    expect(agent?.log).toContainEqual(expect.objectContaining({ level: 50, code: 'edge.disk_full' }));
    await confirmAll();
    await until(() => expect(state()?.outboxDepth).toBe(0));
    // Still full: what was confirmed is gone from the file nevertheless.
    await agent?.signalGroup('SIGKILL');
    const file = new DatabaseSync(join(disk, 'data', 'outbox.sqlite'));
    expect(file.prepare('SELECT count(*) AS left FROM event').get()).toEqual({ left: 0 });
    file.close();
  },
);

test.runIf(mayMount)('with room again the trouble ends by itself', async () => {
  mount('size=12m');
  await start();
  fill();
  await trigger('smoke1', 'alarm');
  await until(() => expect(state()?.errors).toContain('edge.disk_full'));
  execFileSync('sh', ['-c', 'rm "$1"/filler-*', 'sh', disk]);
  await until(() => expect(state()?.errors ?? []).toEqual([]));
});

const readOnly = () => {
  if (mayMount) mount('size=1m,ro');
  else chmodSync(disk, 0o500);
};

test('without a writable disk the agent starts, alarms, and says what is wrong', async () => {
  readOnly();
  await start();
  await until(() => expect(state()?.errors).toContain('edge.disk_unwritable'));
  expect(agent?.log).toContainEqual(expect.objectContaining({ level: 50, code: 'edge.disk_unwritable' }));
  await trigger('smoke1', 'alarm');
  await until(() => expect(kinds()).toContain('smoke'));
  await confirmAll();
  await until(() => expect(state()?.outboxDepth).toBe(0));
  expect(await agent?.signalGroup('SIGTERM')).toBe(0);
});

test.runIf(mayMount)(
  'on a disk without any room the agent starts, alarms, and says what is wrong',
  async () => {
    mount('size=64k');
    fill();
    await start();
    await until(() => expect(state()?.errors).toContain('edge.disk_full'));
    await trigger('smoke1', 'alarm');
    await until(() => expect(kinds()).toContain('smoke'));
  },
);
