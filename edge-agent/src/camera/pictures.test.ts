import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceIdSchema } from '@watchpost/contracts/wire';
import { AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M } from 'node-av/constants';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { DeviceHealthRecord } from '../devices/device-health.ts';
import { type ClipOptions, type ClipPicture, encodeClip } from '../testing/encode-clip.ts';
import { CameraSource } from './camera-source.ts';
import type { DecoderOrder } from './frame-wire.ts';
import { rotationOf } from './rgb-picture.ts';

let folder: string;
let source: CameraSource | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-pictures-'));
});
afterEach(() => source?.stop());
afterAll(() => rmSync(folder, { recursive: true }));

function play(url: string, more: Partial<DecoderOrder> = {}) {
  const frames: { width: number; height: number; data: Buffer }[] = [];
  const playing = new CameraSource({
    order: () => ({
      url,
      loop: true,
      fps: 10,
      analysisWidth: 640,
      codesWidth: 960,
      transport: 'auto',
      ...more,
    }),
    silentAfterMs: 30_000,
    health: new DeviceHealthRecord(deviceIdSchema.parse('cam'), Date.now, () => undefined),
    log: pino({ level: 'silent' }),
    onFrame: async ({ width, height, data }) => {
      if (frames.length < 5) frames.push({ width, height, data: Buffer.from(data) });
    },
  });
  source = playing;
  source.start();
  return { frames };
}
const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 50 });

async function firstFrame(picture: ClipPicture, options: ClipOptions, more: Partial<DecoderOrder> = {}) {
  const path = join(folder, `${Math.random()}.mp4`);
  await encodeClip(path, [picture, picture, picture], 5, options);
  const { frames } = play(path, more);
  await until(() => expect(frames.length).toBeGreaterThan(0));
  return frames[0]!;
}

/** Red, with a white bar along its left edge. */
function flag(width: number, height: number): ClipPicture {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++)
    data.set(at % width < width / 4 ? [255, 255, 255] : [200, 30, 40], at * 3);
  return { width, height, data };
}
const pixel = ({ width, data }: { width: number; data: Buffer }, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];
const near = (found: number[], wanted: number[], within = 8) =>
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(within);
  });

describe('what faces and codes are looked for in', () => {
  test('has square pixels: 704 × 576 of a wide view is as wide as it was', async () => {
    const frame = await firstFrame(flag(704, 576), { aspect: [16, 11] });
    expect([frame.width, frame.height]).toEqual([640, 360]);
  });

  test.each([
    ['BT.709, as labelled', AVCOL_SPC_BT709, 640, 360],
    ['BT.601, as labelled', AVCOL_SPC_SMPTE170M, 1280, 720],
    ['BT.601 where nothing is said and the picture is small', undefined, 640, 360],
  ])('has its own colours: %s', async (_name, colours, width, height) => {
    const frame = await firstFrame(flag(width, height), colours === undefined ? {} : { colours });
    near(pixel(frame, 500, 100), [200, 30, 40]);
  });

  test('is turned upright', async () => {
    const turned = await firstFrame(flag(640, 360), {}, { rotation: 90 });
    expect([turned.width, turned.height]).toEqual([360, 640]);
    // Clockwise: what was on the left is on top.
    near(pixel(turned, 180, 20), [255, 255, 255]);
    near(pixel(turned, 180, 600), [200, 30, 40]);
    await source?.stop();
    near(pixel(await firstFrame(flag(640, 360), {}, { rotation: 270 }), 180, 620), [255, 255, 255]);
    await source?.stop();
    near(pixel(await firstFrame(flag(640, 360), {}, { rotation: 180 }), 620, 180), [255, 255, 255]);
  });

  test.each([
    [0, [65_536, 0]],
    [90, [0, 65_536]],
    [180, [-65_536, 0]],
    [270, [0, -65_536]],
  ] as const)('a stream that asks to be turned by %i degrees is', (degrees, [cosine, sine]) => {
    const matrix = Buffer.alloc(36);
    matrix.writeInt32LE(cosine, 0);
    matrix.writeInt32LE(sine, 4);
    expect(rotationOf(matrix)).toBe(degrees);
  });
});
