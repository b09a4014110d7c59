import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandReplySchema, gatewayStateSchema, parseEvent } from '@watchpost/contracts/wire';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EdgeAgentConfigInput } from './index.ts';
import { AgentProcess } from './testing/agent-process.ts';
import { encodeClip, squarePicture } from './testing/encode-clip.ts';
import { RtspServer } from './testing/rtsp/rtsp-server.ts';
import { TestBroker } from './testing/test-broker.ts';

const topic = (name: string) => `wp/1/s1/g1/${name}`;
const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 20 });

let folder: string;
let broker: TestBroker;
let agent: AgentProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-agent-process-'));
  broker = new TestBroker();
  await broker.start();
});
afterEach(async () => {
  await agent.signalGroup('SIGKILL');
  await broker.stop();
  rmSync(folder, { recursive: true });
});

const smoke: EdgeAgentConfigInput['devices'][number] = {
  ...{
    kind: 'smoke',
    id: 'smoke1',
    zone: 'hall',
    profile: 'generic-smoke',
    connect: { driver: 'simulator' },
  },
};
async function start(devices: EdgeAgentConfigInput['devices']): Promise<void> {
  const before = states().length;
  agent = AgentProcess.start(join(folder, 'agent.json'), {
    site: 's1',
    gateway: 'g1',
    dataFolder: join(folder, 'data'),
    broker: { url: broker.url },
    devices,
    policy: { require: false },
    logLevel: 'info',
  });
  expect(await agent.announcement()).toEqual({ ready: true });
  await until(() => expect(states().slice(before).at(-1)?.status).toBe('online'));
}
const states = () => broker.on(topic('state')).map((state) => gatewayStateSchema.parse(state));
const replies = () => broker.on(topic('reply')).map((reply) => commandReplySchema.parse(reply));
const alarms = () => broker.on(topic('up')).map((event) => parseEvent(event).type);
const replyTo = async (id: string, count = 1) => {
  await until(() => expect(replies().filter((reply) => reply.id === id)).toHaveLength(count));
  return replies().findLast((reply) => reply.id === id);
};
const alarm = (id: string) => ({
  ...{ id, expires: new Date(Date.now() + 3_600_000).toISOString() },
  ...{ name: 'simulator.trigger', device: 'smoke1', action: 'alarm' },
});

test('a command that the broker kept is never carried out, at no start', async () => {
  const kept = randomUUID();
  for (const starts of [1, 2]) {
    // Aedes keeps a retained message from a session that it knows; one that came back empty knows none.
    await broker.stop();
    await broker.start();
    await broker.publish(topic('cmd'), alarm(kept), true);
    await start([smoke]);
    expect(await replyTo(kept, starts)).toMatchObject({ ok: false, error: 'edge.command_retained' });
    const { device, action, ...ping } = { ...alarm(randomUUID()), name: 'ping' };
    await broker.publish(topic('cmd'), ping);
    expect(await replyTo(ping.id)).toMatchObject({ ok: true });
    expect(await agent.signalGroup('SIGTERM')).toBe(0);
  }
  expect(alarms()).toEqual([]);
});

test('a command that was carried out is not again when it comes after a restart, also after a kill', async () => {
  const once = randomUUID();
  await start([smoke]);
  await broker.publish(topic('cmd'), alarm(once));
  const answer = await replyTo(once);
  expect(answer).toMatchObject({ ok: true });
  await until(() => expect(alarms()).toEqual(['watchpost.sensor.alarm.v1']));
  await broker.publish(topic('receipt'), {
    epoch: states().at(-1)?.epoch,
    seq: 1,
    time: new Date().toISOString(),
  });
  await until(() => expect(states().at(-1)?.outboxDepth).toBe(0));
  for (const [count, how] of (['SIGTERM', 'SIGKILL'] as const).entries()) {
    await agent.signalGroup(how);
    await start([smoke]);
    await broker.publish(topic('cmd'), alarm(once));
    expect(await replyTo(once, count + 2)).toEqual(answer);
  }
  expect(alarms()).toHaveLength(1);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to the whole process group leaves no camera lost',
  async (signal) => {
    const clip = join(folder, 'clip.h264');
    await encodeClip(
      clip,
      Array.from({ length: 30 }, (_, step) => squarePicture(320, 180, step)),
      15,
    );
    const camera = new RtspServer();
    await camera.start();
    try {
      camera.streams.set('live', { codec: 'h264', bytes: readFileSync(clip), fps: 15 });
      await start([
        ...[{ kind: 'camera', id: 'cam1', zone: 'gate', profile: 'generic-camera' } as const].map(
          (device) => ({
            ...device,
            ...{ connect: { driver: 'rtsp' as const, url: camera.url('live') }, faces: false, codes: false },
          }),
        ),
      ]);
      await until(() => expect(states().at(-1)?.devices[0]).toMatchObject({ status: 'ok' }));
      expect(await agent.signalGroup(signal)).toBe(0);
      const last = broker.messages.findLast(({ topic: name }) => name === topic('state'));
      expect(last?.retain).toBe(true);
      expect(states().at(-1)).toMatchObject({
        status: 'offline',
        devices: [{ device: 'cam1', status: 'ok' }],
      });
      expect(agent.log.filter(({ msg }) => msg === 'camera lost')).toEqual([]);
    } finally {
      await camera.stop();
    }
  },
);
