import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceIdSchema } from '@watchpost/contracts/wire';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { DeviceHealthRecord } from '../devices/device-health.ts';
import { encodeClip, squarePicture } from '../testing/encode-clip.ts';
import { CameraSource, type CameraSourceOptions } from './camera-source.ts';
import type { DecoderOrder } from './frame-wire.ts';

let folder: string;
let clip: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-camera-'));
  clip = join(folder, 'clip.mp4');
  await encodeClip(
    clip,
    Array.from({ length: 12 }, (_, step) => squarePicture(320, 180, step)),
    12,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const sources: CameraSource[] = [];
afterEach(async () => {
  for (const source of sources.splice(0)) await source.stop();
});

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly capturedAt: number;
  readonly pixel: number;
}

function play(url: string, more: Partial<CameraSourceOptions> & Partial<DecoderOrder> = {}) {
  const {
    fps = 60,
    loop = true,
    user,
    password,
    transport = 'auto',
    rotation,
    analysisWidth = 160,
    ...options
  } = more;
  const frames: Seen[] = [];
  const health = new DeviceHealthRecord(deviceIdSchema.parse('cam'), Date.now, () => undefined);
  const source = new CameraSource({
    order: () => ({ url, loop, fps, user, password, transport, rotation, analysisWidth, codesWidth: 640 }),
    silentAfterMs: 10_000,
    timing: { retry: { firstMs: 50, maxMs: 100 } },
    health,
    log: pino({ level: 'silent' }),
    onFrame: async ({ width, height, capturedAt, data }) => {
      frames.push({ width, height, capturedAt, pixel: data[0] ?? -1 });
    },
    ...options,
  });
  sources.push(source);
  source.start();
  return { source, frames, health };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

test('a file in a loop gives scaled frames with rising capture times, past its end', async () => {
  const { frames, health } = play(clip);
  await until(() => expect(frames.length).toBeGreaterThan(18));
  expect(frames[0]).toMatchObject({ width: 160, height: 90 });
  expect(Math.abs(frames[0]!.pixel - 64)).toBeLessThan(6);
  const times = frames.map(({ capturedAt }) => capturedAt);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  // 12 pictures a second: 18 of them span about a second and a half of capture time, loop seam included.
  const span = times[18]! - times[0]!;
  expect(span).toBeGreaterThan(1300);
  await until(() => expect(health.snapshot()).toMatchObject({ status: 'ok', unreadable: 0 }));
});

test('no more frames than asked for, and a busy consumer gets the newest one', async () => {
  const { frames } = play(clip, { fps: 4 });
  await until(() => expect(frames.length).toBeGreaterThan(5));
  const times = frames.map(({ capturedAt }) => capturedAt);
  expect((times.at(-1)! - times[0]!) / (times.length - 1)).toBeGreaterThan(240);

  const ages: number[] = [];
  const slow = play(clip, {
    onFrame: async ({ capturedAt }) => {
      ages.push(Date.now() - capturedAt);
      await new Promise((resolve) => setTimeout(resolve, 400));
    },
  });
  await until(() => expect(ages.length).toBeGreaterThan(4));
  await slow.source.stop();
  // If frames queued up, each would be 320 ms older than the one before.
  expect(ages.at(-1)! - ages[1]!).toBeLessThan(300);
});

test('a killed decoder is started again and the camera goes on', async () => {
  const { source, frames, health } = play(clip);
  await until(() => expect(frames.length).toBeGreaterThan(2));
  const first = source.decoderPid!;
  process.kill(first, 'SIGKILL');
  await until(() => expect(source.decoderPid).not.toBe(first));
  const before = frames.length;
  await until(() => expect(frames.length).toBeGreaterThan(before + 2));
  await until(() => expect(health.snapshot().status).toBe('ok'));
});

test('a file that is no video counts as a lost source and stops nothing else', async () => {
  const garbage = join(folder, 'garbage.mp4');
  writeFileSync(garbage, Buffer.alloc(50_000, 'garbage!'));
  const broken = play(garbage);
  const good = play(clip);
  await until(() =>
    expect(broken.health.snapshot()).toMatchObject({ status: 'lost', error: 'edge.source_lost' }),
  );
  await until(() => expect(good.frames.length).toBeGreaterThan(2));
});

test('damaged pictures are counted and skipped', async () => {
  const stream = join(folder, 'stream.ts');
  await encodeClip(
    stream,
    Array.from({ length: 60 }, (_, step) => squarePicture(320, 180, step)),
    30,
  );
  const bytes = readFileSync(stream);
  for (let at = 188 * 40 + 30; at < bytes.length - 188; at += 188 * 9) bytes.fill(0x5a, at, at + 120);
  const damaged = join(folder, 'damaged.ts');
  writeFileSync(damaged, bytes);
  const { frames, health } = play(damaged);
  await until(() => expect(health.snapshot().unreadable).toBeGreaterThan(0));
  await until(() => expect(frames.length).toBeGreaterThan(3));
  expect(health.snapshot().error).toBe('edge.frame_unreadable');
});

test('a decoder without pictures is killed and started anew', async () => {
  const silent = createServer(() => undefined);
  const { source, health } = play(await listen(silent), {
    timing: { openWithinMs: 700, retry: { firstMs: 50, maxMs: 100 } },
  });
  const first = source.decoderPid;
  expect(first).toBeDefined();
  await until(() => expect(health.snapshot().status).toBe('lost'));
  expect(source.decoderPid).not.toBe(first);
  silent.close();
});

test('a stream over the network is decoded as it comes, and lost when it ends', async () => {
  const path = join(folder, 'live.ts');
  await encodeClip(
    path,
    Array.from({ length: 90 }, (_, step) => squarePicture(320, 180, step)),
    30,
  );
  const bytes = readFileSync(path);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n');
      const step = Math.ceil(bytes.length / 90);
      let at = 0;
      const timer = setInterval(() => {
        if (at >= bytes.length) {
          clearInterval(timer);
          socket.end();
        } else socket.write(bytes.subarray(at, at + step));
        at += step;
      }, 30);
    });
  });
  const { frames, health } = play(await listen(server), {
    timing: { retry: { firstMs: 60_000, maxMs: 60_000 } },
  });
  await until(() => expect(frames.length).toBeGreaterThan(5));
  await until(() => expect(health.snapshot()).toMatchObject({ status: 'lost', error: 'edge.source_lost' }));
  expect(health.snapshot().readings).toBeGreaterThan(60);
  server.close();
});

test('restart starts a new decoder without counting as a loss', async () => {
  const { source, frames, health } = play(clip);
  await until(() => expect(frames.length).toBeGreaterThan(0));
  const first = source.decoderPid;
  const seen: string[] = [];
  const timer = setInterval(() => seen.push(health.snapshot().status), 5);
  source.restart();
  const before = frames.length;
  await until(() => expect(frames.length).toBeGreaterThan(before + 2));
  clearInterval(timer);
  expect(source.decoderPid).not.toBe(first);
  expect(seen).not.toContain('lost');
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
}
