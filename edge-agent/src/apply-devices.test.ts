import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EdgeAgent, type EdgeAgentConfigInput, parseEdgeAgentConfig, startEdgeAgent } from './index.ts';
import { encodeClip, squarePicture } from './testing/encode-clip.ts';
import { RtspServer } from './testing/rtsp/rtsp-server.ts';
import { TestBroker } from './testing/test-broker.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 10 });

let folder: string;
let broker: TestBroker;
let agent: EdgeAgent;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-apply-'));
  broker = new TestBroker();
  await broker.start();
});
afterEach(async () => {
  await agent.stop();
  await broker.stop();
  rmSync(folder, { recursive: true });
});

const camera = (id: string, more: object = {}) =>
  ({
    ...{ kind: 'camera', id, zone: 'gate', profile: 'generic-camera', faces: false, codes: false },
    connect: { driver: 'file', url: join(folder, 'clip.mkv'), loop: true },
    ...more,
  }) as EdgeAgentConfigInput['devices'][number];
const config = (devices: EdgeAgentConfigInput['devices']) =>
  parseEdgeAgentConfig(
    {
      ...{ site: 's1', gateway: 'g1', dataFolder: join(folder, 'data'), broker: { url: broker.url } },
      ...{ devices, policy: { require: false } },
    },
    Date.now(),
  );

test('an untouched camera loses no frame while the one beside it is changed', async () => {
  const pictures = Array.from({ length: 20 }, (_, step) => squarePicture(64, 48, step));
  await encodeClip(join(folder, 'clip.mkv'), pictures, 10);
  agent = await startEdgeAgent(config([camera('still'), camera('moved'), camera('gone')]), {
    log: pino({ level: 'silent' }),
  });
  const of = (id: string) => agent.state().devices.find(({ device }) => device === id);
  await until(() => expect(of('still')?.readings).toBeGreaterThan(3));
  await until(() => expect(of('moved')?.readings).toBeGreaterThan(3));
  const before = of('still')?.readings ?? 0;
  const seen: string[] = [];
  const looks = setInterval(() => seen.push(of('still')?.status ?? 'absent'), 5);
  const changes = await agent.apply(config([camera('still'), camera('moved', { fps: 4 }), camera('new')]));
  expect(changes).toEqual({ kept: ['still'], changed: ['moved'], added: ['new'], gone: ['gone'] });
  await until(() => expect(of('new')?.readings).toBeGreaterThan(0));
  await until(() => expect(of('moved')?.status).toBe('ok'));
  clearInterval(looks);
  // A camera that was touched counts from nought again, and is starting for a while.
  expect(of('still')?.readings).toBeGreaterThan(before);
  expect(new Set(seen)).toEqual(new Set(['ok']));
  expect(of('gone')).toBeUndefined();
});

test('each picture that an untouched camera sends while others are changed is read, every one', async () => {
  const pictures = Array.from({ length: 20 }, (_, step) => squarePicture(64, 48, step));
  await encodeClip(join(folder, 'scene.h264'), pictures, 10);
  const sent = new Map<string, number>();
  const cameras = new RtspServer({
    onPicture: (stream) => void sent.set(stream, (sent.get(stream) ?? 0) + 1),
  });
  const untouched = ['still-1', 'still-2'];
  const stream = { codec: 'h264', fps: 10, bytes: readFileSync(join(folder, 'scene.h264')) } as const;
  for (const id of [...untouched, 'moved', 'elsewhere']) cameras.streams.set(id, stream);
  await cameras.start();
  const live = (id: string, place = id) =>
    camera(id, { connect: { driver: 'rtsp', url: cameras.url(place), transport: 'tcp' } });
  const of = (id: string) => agent.state().devices.find(({ device }) => device === id);
  /** What each sent and the gateway did not read, exactly: while they hold still, nothing is on its way. */
  const unread = async () => {
    for (const id of untouched) cameras.paused.add(id);
    let found: number[] = [];
    for (let before: number[] | null = null; !isDeepStrictEqual(before, found); ) {
      before = found;
      // Longer than a decoder is silent about what it read.
      await new Promise((resolve) => setTimeout(resolve, 1300));
      found = untouched.map((id) => (sent.get(id) ?? 0) - (of(id)?.readings ?? 0));
    }
    cameras.paused.clear();
    return found;
  };
  try {
    agent = await startEdgeAgent(config([...untouched.map((id) => live(id)), live('moved')]), {
      log: pino({ level: 'silent' }),
    });
    for (const id of untouched) await until(() => expect(of(id)?.readings).toBeGreaterThan(3));
    const before = await unread();
    const read = untouched.map((id) => of(id)?.readings ?? 0);
    const changes = await agent.apply(
      config([...untouched.map((id) => live(id)), live('moved', 'elsewhere'), live('new', 'moved')]),
    );
    expect(changes).toMatchObject({ kept: untouched, changed: ['moved'], added: ['new'] });
    await until(() => expect(of('moved')?.readings).toBeGreaterThan(3));
    await until(() => expect(of('new')?.readings).toBeGreaterThan(3));
    expect(await unread()).toEqual(before);
    untouched.forEach((id, i) => void expect(of(id)?.readings).toBeGreaterThan((read[i] ?? 0) + 3));
  } finally {
    await cameras.stop();
  }
});

test('a camera works whose lines notice nobody', async () => {
  await encodeClip(
    join(folder, 'clip.mkv'),
    [0, 1, 2].map((step) => squarePicture(64, 48, step)),
    10,
  );
  const line = { line: 'door', zone: 'gate', from: [0.5, 0], to: [0.5, 1], inside: 'left' };
  const said: string[] = [];
  agent = await startEdgeAgent(config([camera('lined', { lines: [line] })]), {
    log: pino({ level: 'warn' }, { write: (text) => said.push(text) }),
  });
  await until(() => expect(agent.state().devices[0]?.readings).toBeGreaterThan(3));
  expect(agent.state().devices[0]).toMatchObject({ status: 'ok' });
  expect(said.filter((text) => text.includes('notice nobody'))).toHaveLength(1);
});

const masks = (right: number) => [
  {
    name: 'all but a strip',
    outline: [
      [0, 0],
      [right, 0],
      [right, 1],
      [0, 1],
    ],
  },
];

test('a changed mask restarts its camera alone; one that leaves too little to judge is told', async () => {
  const pictures = Array.from({ length: 20 }, (_, step) => squarePicture(64, 48, step));
  await encodeClip(join(folder, 'clip.mkv'), pictures, 10);
  agent = await startEdgeAgent(config([camera('still'), camera('masked', { masks: masks(0.5) })]), {
    log: pino({ level: 'silent' }),
  });
  const of = (id: string) => agent.state().devices.find(({ device }) => device === id);
  await until(() => expect(of('masked')?.status).toBe('ok'));
  const changes = await agent.apply(config([camera('still'), camera('masked', { masks: masks(0.94) })]));
  expect(changes).toMatchObject({ kept: ['still'], changed: ['masked'] });
  await until(() => expect(of('masked')).toMatchObject({ status: 'degraded', error: 'edge.camera_masked' }));
  // Who asked for no word of a covered lens, and for motion in two cells, misses nothing there.
  const quiet = { masks: masks(0.94), tamper: { coveredAfterMs: 0 } };
  await agent.apply(config([camera('still'), camera('masked', quiet)]));
  await until(() => expect(of('masked')?.status).toBe('ok'));
  expect(of('still')?.status).toBe('ok');
});
