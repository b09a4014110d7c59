import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { deviceIdSchema } from '@watchpost/contracts/wire';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { CameraSource } from '../../edge-agent/src/camera/camera-source.ts';
import { DeviceHealthRecord } from '../../edge-agent/src/devices/device-health.ts';
import { encodeClip } from '../../edge-agent/src/testing/encode-clip.ts';
import { loadZxingWriter, writeBarcode } from '../../inference/src/testing/zxing-writer.ts';

let folder: string;
let source: CameraSource | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-codes-'));
  await loadZxingWriter();
});
afterEach(() => source?.stop());
afterAll(() => rmSync(folder, { recursive: true }));

/** Texts that a camera reads in this file. */
function texts(url: string): string[] {
  const found: string[] = [];
  const playing: CameraSource = new CameraSource({
    order: () => ({ url, loop: true, fps: 4, analysisWidth: 640, codesWidth: 960, transport: 'auto' }),
    silentAfterMs: 30_000,
    health: new DeviceHealthRecord(deviceIdSchema.parse('cam'), Date.now, () => undefined),
    log: pino({ level: 'silent' }),
    onFrame: async () => playing.lookForCodes(false),
    onCodes: ({ codes }) => void found.push(...codes.map(({ text }) => text)),
  });
  source = playing;
  playing.start();
  return found;
}

test('a pass that covers 8 % of a 4K picture’s width is read, and the agent’s thread does not stall', async () => {
  const text = `WP1:${'7DFT4LAB9X'.repeat(24)}`;
  const side = Math.round(3840 * 0.08);
  const { symbol } = await writeBarcode(text, { format: 'QRCode', ecLevel: 'L' } as object);
  const { data: marks, width: cells } = symbol;
  const picture = { width: 3840, height: 2160, data: new Uint8Array(3840 * 2160 * 3).fill(120) };
  // With the quiet zone of four cells that ISO/IEC 18004 §6.3.8 asks for.
  const cellAt = (pixel: number) => Math.floor((pixel * (cells + 8)) / side) - 4;
  const isDark = (x: number, y: number) => marks[y * cells + x] === 0 && x >= 0 && x < cells && y >= 0;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const at = ((900 + y) * 3840 + 2500 + x) * 3;
      picture.data.fill(isDark(cellAt(x), cellAt(y)) ? 0 : 255, at, at + 3);
    }
  const path = join(folder, 'pass.mp4');
  await encodeClip(path, [picture, picture, picture, picture], 2, { bitrate: '8M' });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const found = texts(path);
  delay.enable();
  await vi.waitFor(() => expect(found).toContain(text), { timeout: 50_000, interval: 50 });
  delay.disable();
  // Reading it in this thread takes more than a second.
  expect(delay.percentile(99) / 1e6).toBeLessThan(250);
});
