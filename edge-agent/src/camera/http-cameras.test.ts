import { deviceIdSchema } from '@watchpost/contracts/wire';
import fc from 'fast-check';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { DeviceHealthRecord } from '../devices/device-health.ts';
import { squarePicture } from '../testing/encode-clip.ts';
import { encodeJpegs } from '../testing/encode-jpegs.ts';
import { MjpegServer, mjpegHabits } from '../testing/mjpeg-server.ts';
import { CameraSource } from './camera-source.ts';
import { JpegScanner } from './jpeg-scanner.ts';

let jpegs: Buffer[];
let camera: MjpegServer;
let source: CameraSource | undefined;
beforeAll(async () => {
  jpegs = await encodeJpegs(Array.from({ length: 10 }, (_, step) => squarePicture(160, 90, step)));
  camera = new MjpegServer(jpegs);
  await camera.start();
});
afterEach(() => source?.stop());
afterAll(() => camera.stop());

function play(url: string, password?: string) {
  const health = new DeviceHealthRecord(deviceIdSchema.parse('cam'), Date.now, () => undefined);
  const frames: number[] = [];
  source = new CameraSource({
    order: () => ({
      url,
      loop: false,
      fps: 20,
      analysisWidth: 160,
      codesWidth: 640,
      transport: 'auto',
      ...(password === undefined ? {} : { user: 'admin', password }),
    }),
    silentAfterMs: 10_000,
    health,
    log: pino({ level: 'silent' }),
    onFrame: async ({ width, height }) => void frames.push(width * 1000 + height),
  });
  source.start();
  return { health, frames };
}

test.each(mjpegHabits)('a camera over HTTP is seen: %s', async (habit) => {
  const { health, frames } = play(camera.url(habit), habit === 'basic' ? 'p#a@s%s' : undefined);
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(2), { timeout: 40_000 });
  expect(new Set(frames)).toEqual(new Set([160_090]));
  await vi.waitFor(() => expect(health.snapshot()).toMatchObject({ status: 'ok', unreadable: 0 }), {
    timeout: 20_000,
  });
});

test('a wrong password over HTTP has its code', async () => {
  const { health } = play(camera.url('basic'), 'wrong');
  await vi.waitFor(() => expect(health.snapshot().error).toBe('edge.camera_password'), { timeout: 40_000 });
});

test('pictures come out whole, whatever stands between them and however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(9), fc.string()), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 }),
      (parts, cuts) => {
        const bytes = Buffer.concat(
          parts.flatMap(([index, between]) => [Buffer.from(between), jpegs[index] ?? Buffer.alloc(0)]),
        );
        const scanner = new JpegScanner(1_000_000);
        const found: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const next = at + (cuts[i % cuts.length] ?? 1);
          found.push(...scanner.push(bytes.subarray(at, next)));
          at = next;
        }
        expect(found).toEqual(parts.map(([index]) => jpegs[index]));
      },
    ),
  );
});

test('bytes that never end a picture are given up at the limit, and the next picture is found', () => {
  const scanner = new JpegScanner(5000);
  const [first] = jpegs;
  const endless = Buffer.concat([first!.subarray(0, -2), Buffer.alloc(9000, 0x55)]);
  expect(scanner.push(endless)).toEqual([]);
  expect(scanner.unreadable).toBe(1);
  expect(scanner.push(first!)).toEqual([first]);
});
