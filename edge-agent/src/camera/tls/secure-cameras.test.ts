import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceIdSchema } from '@watchpost/contracts/wire';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { DeviceHealthRecord } from '../../devices/device-health.ts';
import { encodeClip, squarePicture } from '../../testing/encode-clip.ts';
import { encodeJpegs } from '../../testing/encode-jpegs.ts';
import { MjpegServer } from '../../testing/mjpeg-server.ts';
import { RtspServer } from '../../testing/rtsp/rtsp-server.ts';
import { TestCertificate } from '../../testing/test-certificates.ts';
import { CameraSource } from '../camera-source.ts';
import { PacketReader } from '../packet-reader.ts';
import { type CertificateCheck, pinOf } from './certificate-check.ts';

const log = { user: 'admin', password: 'p#a@s%s' };
let folder: string;
let pin: string;
let rtsps: RtspServer;
let https: MjpegServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-secure-'));
  const { pem, keyPem } = await TestCertificate.make();
  const tls = { cert: pem, key: keyPem };
  pin = pinOf(new X509Certificate(pem));
  const pictures = Array.from({ length: 30 }, (_, step) => squarePicture(320, 180, step));
  const clip = join(folder, 'a.h264');
  await encodeClip(clip, pictures, 15);
  rtsps = new RtspServer({ tls });
  rtsps.streams.set('live', { codec: 'h264', bytes: readFileSync(clip), fps: 15, auth: 'digest', ...log });
  https = new MjpegServer(await encodeJpegs(pictures.slice(0, 10)), tls);
  await Promise.all([rtsps.start(), https.start()]);
});
let source: CameraSource | undefined;
afterEach(() => source?.stop());
afterAll(async () => {
  await Promise.all([rtsps.stop(), https.stop()]);
  rmSync(folder, { recursive: true });
});

function play(url: string, first: CertificateCheck) {
  const health = new DeviceHealthRecord(deviceIdSchema.parse('cam'), Date.now, () => undefined);
  const lines: string[] = [];
  const told = { certificate: first };
  let frames = 0;
  source = new CameraSource({
    order: () => ({
      ...{ url, ...log, certificate: told.certificate },
      ...{ loop: false, transport: 'auto', fps: 20, analysisWidth: 160, codesWidth: 640 },
    }),
    silentAfterMs: 10_000,
    health,
    log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    onFrame: async () => {
      frames += 1;
    },
    timing: { retry: { firstMs: 50, maxMs: 100 }, passwordLookMs: 100 },
  });
  source.start();
  return { health, lines, told, frames: () => frames };
}
const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 50 });

test.each([
  ['rtsps', () => rtsps.url('live'), () => rtsps.requests.length],
  ['https', () => https.url('basic'), () => https.requests],
])(
  'over %s a camera is seen when it proves itself, and asked for nothing before',
  async (_scheme, url, asked) => {
    const playing = play(url(), { by: 'authorities' });
    await until(() =>
      expect(playing.health.snapshot()).toMatchObject({
        ...{ status: 'lost', error: 'edge.camera_certificate_unknown', shownCertificate: pin },
      }),
    );
    const { decoderPid } = source!;
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Many waits of the usual kind are over: it was not tried again, and never heard the password.
    expect([decoderPid, source!.decoderPid, asked()]).toEqual([undefined, undefined, 0]);
    expect(playing.lines.filter((line) => line.includes(pin))).toHaveLength(1);
    playing.told.certificate = { by: 'pin', pin };
    await until(() => expect(playing.frames()).toBeGreaterThan(3));
    await until(() => expect(playing.health.snapshot().status).toBe('ok'));
    expect(playing.health.snapshot()).not.toHaveProperty('shownCertificate');
    expect(playing.lines.join()).not.toContain(log.password);
  },
);

test('FFmpeg opens no TLS of its own, wherever it is sent', async () => {
  const before = [rtsps.requests.length, https.requests];
  const away = createServer((_request, answer) => answer.writeHead(302, { location: https.url('ok') }).end());
  await new Promise<void>((resolve) => away.listen(0, '127.0.0.1', resolve));
  const plain = `http://127.0.0.1:${(away.address() as AddressInfo).port}/`;
  for (const [kind, url] of [
    ['http', plain],
    ['http', https.url('ok')],
    ['rtsp', rtsps.url('live')],
  ] as const)
    await expect(PacketReader.open({ kind, url, transport: 'tcp' })).rejects.toMatchObject({
      code: expect.stringMatching(/^edge\./),
    });
  expect([rtsps.requests.length, https.requests]).toEqual(before);
  away.close();
});
