import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceSchemas } from '@watchpost/contracts/site';
import { deviceIdSchema } from '@watchpost/contracts/wire';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { DeviceHealthRecord } from '../devices/device-health.ts';
import { encodeClip, squarePicture } from '../testing/encode-clip.ts';
import { RtspServer } from '../testing/rtsp/rtsp-server.ts';
import type { RtspStream } from '../testing/rtsp/rtsp-stream.ts';
import { CameraSource, type CameraSourceOptions } from './camera-source.ts';
import { decoderOrder } from './decoder-order.ts';

let folder: string;
let clips: Record<'h264' | 'h265', Buffer>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-faults-'));
  const pictures = Array.from({ length: 30 }, (_, step) => squarePicture(320, 180, step));
  const [h264, h265] = [join(folder, 'a.h264'), join(folder, 'a.hevc')];
  await encodeClip(h264, pictures, 15);
  await encodeClip(h265, pictures, 15, { codec: 'h265' });
  clips = { h264: readFileSync(h264), h265: readFileSync(h265) };
});
afterAll(() => rmSync(folder, { recursive: true }));

let camera: RtspServer;
const sources: CameraSource[] = [];
const lines: string[] = [];
beforeEach(async () => {
  lines.length = 0;
  camera = new RtspServer();
  await camera.start();
});
afterEach(async () => {
  for (const source of sources.splice(0)) await source.stop();
  await camera.stop();
});

function stream(more: Partial<RtspStream> = {}): string {
  const codec = more.codec ?? 'h264';
  camera.streams.set('live', { codec, bytes: clips[codec], fps: 15, ...more });
  return camera.url('live');
}

function play(url: string, connect: object = {}, more: Partial<CameraSourceOptions> = {}) {
  const parsed = deviceSchemas.camera.parse({
    kind: 'camera',
    id: 'cam',
    zone: 'gate',
    profile: 'generic-camera',
    connect: { driver: 'rtsp', url, ...connect },
  });
  const health = new DeviceHealthRecord(deviceIdSchema.parse('cam'), Date.now, () => undefined);
  const ages: number[] = [];
  const source = new CameraSource({
    order: () => decoderOrder(parsed, (name) => join(folder, name)),
    silentAfterMs: 6000,
    health,
    log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    onFrame: async ({ capturedAt }) => {
      ages.push(Date.now() - capturedAt);
    },
    timing: { retry: { firstMs: 50, maxMs: 100 }, passwordLookMs: 100 },
    ...more,
  });
  sources.push(source);
  source.start();
  return { source, health, ages };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 50 });
const seen = ({ ages, health }: ReturnType<typeof play>) =>
  until(() => {
    expect(ages.length).toBeGreaterThan(5);
    expect(health.snapshot().status).toBe('ok');
  });
const lost = ({ health }: ReturnType<typeof play>, error: string) =>
  until(() => expect(health.snapshot()).toMatchObject({ status: 'lost', error }));

test.each<[string, Partial<RtspStream>, object?]>([
  ['H.264', {}],
  ['H.265', { codec: 'h265' }],
  ['no parameter sets in the description', { noParameters: true }],
  ['wrong time stamps: zero', { timestamps: 'zero' }],
  ['wrong time stamps: random', { timestamps: 'random' }],
  ['wrong time stamps: a jump', { timestamps: 'jump' }],
  ['wrong time stamps: back', { timestamps: 'back' }],
  ['lost pictures', { lossy: 20 }],
  ['UDP only', { udpOnly: true }],
  ['UDP as configured', { tcpOnly: false }, { transport: 'udp' }],
])('%s is seen, and no picture is older than it can be', async (_name, habits, config) => {
  const playing = play(stream(habits), config);
  await seen(playing);
  expect(Math.min(...playing.ages)).toBeGreaterThanOrEqual(-50);
});

test.each<[string, Partial<RtspStream>, string, object?]>([
  ['an unknown name', { status: 404 }, 'edge.camera_not_found'],
  ['a user without the right', { status: 403 }, 'edge.camera_forbidden'],
  ['too many viewers', { status: 453 }, 'edge.camera_busy'],
  ['a camera that is overloaded', { status: 503 }, 'edge.camera_busy'],
  ['sound only', { audioOnly: true }, 'edge.camera_no_video'],
  ['a codec that nobody knows', { strangeCodec: true }, 'edge.camera_no_decoder'],
  ['silence after the request', { mute: 'DESCRIBE' }, 'edge.camera_silent'],
  ['UDP only, but TCP is set', { udpOnly: true }, 'edge.camera_transport', { transport: 'tcp' }],
  ['TCP only, but UDP is set', { tcpOnly: true }, 'edge.camera_transport', { transport: 'udp' }],
  ['no picture after PLAY', { silentAfterS: -1 }, 'edge.camera_no_picture'],
  ['a stream that breaks off', { dropAfterS: 1 }, 'edge.source_lost'],
])('%s has its own code', async (_name, habits, code, config) => {
  await lost(play(stream(habits), config), code);
});

test('what is wrong with the network has its own codes', async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const port = (free.address() as { port: number }).port;
  await new Promise((resolve) => free.close(resolve));
  await lost(play(`rtsp://127.0.0.1:${port}/live`), 'edge.camera_refused');
  await lost(play('rtsp://no-such-camera.invalid/live'), 'edge.camera_host_unknown');
  const page = createServer((socket) => socket.on('data', () => socket.end('<html>nothing here</html>')));
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  await lost(play(`rtsp://127.0.0.1:${(page.address() as { port: number }).port}/`), 'edge.camera_protocol');
  page.close();
});

test.each([
  ['basic', 'p#a@s%s/w?:d'],
  ['digest', '100%25ok'],
  ['digest-qop', 'päss wörd"\\'],
] as const)('a password of any characters comes from its file (%s)', async (auth, password) => {
  const secret = `password-${auth}`;
  writeFileSync(join(folder, secret), `${password}\n`, { mode: 0o600 });
  await seen(play(stream({ auth, user: 'admin', password }), { user: 'admin', password: { secret } }));
});

test('a wrong password is tried once, then never until it changes; no log line holds it', async () => {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'wr0ng-s3cret', { mode: 0o600 });
  const url = stream({ auth: 'digest', user: 'admin', password: 'right-s3cret' });
  const playing = play(url, { user: 'admin', password: { secret: 'password' } });
  await lost(playing, 'edge.camera_password');
  // As long as ten attempts would take otherwise.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(camera.requests.filter(({ logIn }) => logIn === 'wrong')).toHaveLength(1);
  writeFileSync(passwordFile, 'right-s3cret');
  await seen(playing);
  expect(camera.requests.filter(({ logIn }) => logIn === 'wrong')).toHaveLength(1);
  expect(JSON.stringify([lines, playing.health.snapshot()])).not.toContain('s3cret');
});

test('a refused password is tried again after the long pause, and when somebody asks for it', async () => {
  const url = stream({ auth: 'basic', user: 'admin', password: 'right' }).replace('//', '//admin:wrong@');
  const playing = play(url, {}, { timing: { passwordLookMs: 50, passwordPauseMs: 1500 } });
  const wrong = () => camera.requests.filter(({ logIn }) => logIn === 'wrong').length;
  await until(() => expect(wrong()).toBe(2));
  playing.source.restart();
  await until(() => expect(wrong()).toBeGreaterThan(2));
});

test('a password file that others may read, or that is missing, is told and used when it is right', async () => {
  const passwordFile = join(folder, 'open-password');
  const playing = play(stream({ auth: 'basic', user: 'admin', password: 'x' }), {
    user: 'admin',
    password: { secret: 'open-password' },
  });
  await lost(playing, 'config.camera_password_file');
  writeFileSync(passwordFile, 'x', { mode: 0o644 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(camera.requests).toEqual([]);
  rmSync(passwordFile);
  writeFileSync(passwordFile, 'x', { mode: 0o600 });
  await seen(playing);
});

test('waits grow while a camera is away and begin anew with its first picture', async () => {
  const delays = () =>
    lines.flatMap((line) => {
      const { delayMs } = JSON.parse(line) as { delayMs?: number };
      return delayMs === undefined ? [] : [delayMs];
    });
  stream({ dropAfterS: 1.5 });
  const url = camera.url('live');
  camera.streams.delete('live');
  const timing = { retry: { firstMs: 100, maxMs: 30_000 } };
  const playing = play(url, {}, { timing });
  await until(() => expect(delays().length).toBeGreaterThan(2));
  const grown = delays().at(-1) ?? 0;
  expect(grown).toBeGreaterThan(200);
  stream({ dropAfterS: 1.5 });
  await until(() => expect(playing.ages.length).toBeGreaterThan(2));
  const before = delays().length;
  await until(() => expect(delays().length).toBeGreaterThan(before));
  expect(delays()[before]).toBeLessThan(150);
});

test('a clock that is set forward an hour kills no decoder', async () => {
  const playing = play(stream());
  await seen(playing);
  const pid = playing.source.decoderPid;
  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000);
  try {
    const before = playing.ages.length;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await until(() => expect(playing.ages.length).toBeGreaterThan(before + 5));
    expect(playing.source.decoderPid).toBe(pid);
  } finally {
    vi.restoreAllMocks();
  }
});
