import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PictureOutline } from '@watchpost/contracts/site';
import { deviceIdSchema } from '@watchpost/contracts/wire';
import { loadZxingWriter, writeBarcode } from '@watchpost/inference/testing/zxing-writer';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { DeviceHealthRecord } from '../devices/device-health.ts';
import { type ClipPicture, encodeClip } from '../testing/encode-clip.ts';
import { CameraSource } from './camera-source.ts';
import type { Rotation } from './frame-wire.ts';
import { maskPolicy } from './policy.ts';
import { type RgbPicture, turnRgb } from './rgb-picture.ts';

let folder: string;
let source: CameraSource | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-masked-'));
  await loadZxingWriter();
});
afterEach(() => source?.stop());
afterAll(() => rmSync(folder, { recursive: true }));

const [width, height] = [640, 360];
const texts = ['upper left', 'upper right', 'lower left', 'lower right'] as const;

/** A code in each corner, upright. */
async function fourCodes(): Promise<RgbPicture> {
  const data = Buffer.alloc(width * height * 3, 200);
  for (const [index, text] of texts.entries()) {
    const { symbol } = await writeBarcode(text, { format: 'QRCode', ecLevel: 'H' } as object);
    const { data: marks, width: cells } = symbol;
    const module = Math.floor(150 / (cells + 8));
    const left = index % 2 === 0 ? 10 : width - 160;
    const top = index < 2 ? 15 : height - 165;
    for (let y = 0; y < (cells + 8) * module; y++)
      for (let x = 0; x < (cells + 8) * module; x++) {
        const [column, row] = [Math.floor(x / module) - 4, Math.floor(y / module) - 4];
        const isInside = column >= 0 && column < cells && row >= 0 && row < cells;
        const grey = isInside && marks[row * cells + column] === 0 ? 0 : 255;
        const at = ((top + y) * width + left + x) * 3;
        data.fill(grey, at, at + 3);
      }
  }
  return { width, height, data };
}

/** A clip whose pictures have to be turned by `rotation` to be upright. */
async function clipToTurn(upright: RgbPicture, rotation: Rotation): Promise<string> {
  const back = ((360 - rotation) % 360) as Rotation;
  const picture: ClipPicture = turnRgb(upright, back, Buffer.alloc(upright.data.length));
  const path = join(folder, `${Math.random()}.mp4`);
  await encodeClip(path, [picture, picture, picture], 4, { bitrate: '8M' });
  return path;
}

/** What a camera that plays `url` reads until it was looked at a few times, and its first picture. */
async function look(url: string, rotation: Rotation, masks: readonly PictureOutline[]) {
  const read = new Set<string>();
  let looks = 0;
  let picture: RgbPicture | undefined;
  const playing: CameraSource = new CameraSource({
    order: () => ({
      ...{ url, rotation, masks, loop: true, fps: 8, analysisWidth: 640, codesWidth: 960 },
      transport: 'auto',
    }),
    silentAfterMs: 30_000,
    health: new DeviceHealthRecord(deviceIdSchema.parse('cam'), Date.now, () => undefined),
    log: pino({ level: 'silent' }),
    onFrame: async (frame) => {
      picture ??= { ...frame, data: Buffer.from(frame.data) };
      playing.lookForCodes(true);
    },
    onCodes: ({ codes }) => {
      if (codes.length > 0) looks++;
      for (const { text } of codes) read.add(text);
    },
  });
  source = playing;
  playing.start();
  await vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(3), { timeout: 60_000, interval: 50 });
  await playing.stop();
  return { read: [...read].sort(), picture: picture! };
}

/** Around the code in the upper left corner. */
const mask: PictureOutline = [
  [0, 0],
  [0.3, 0],
  [0.3, 0.5],
  [0, 0.5],
];

describe('what is masked', () => {
  test.each([0, 90, 180, 270] as const)(
    'is neither seen nor read in a picture that is turned by %i°, and everything else is',
    async (rotation) => {
      const upright = await fourCodes();
      // A camera that hangs on its side: upright, its picture is high.
      const shown = rotation % 180 === 0 ? upright : turnRgb(upright, 90, Buffer.alloc(upright.data.length));
      const hidden = rotation % 180 === 0 ? 'upper left' : 'lower left';
      const { read, picture } = await look(await clipToTurn(shown, rotation), rotation, [mask]);
      expect(read).toEqual(texts.filter((text) => text !== hidden).sort());
      expect([picture.width, picture.height]).toEqual([shown.width, shown.height]);
      const greys = new Set<number>();
      for (let y = 0; y < picture.height * 0.5; y++)
        for (let x = 0; x < picture.width * 0.3; x++)
          for (const channel of [0, 1, 2]) greys.add(picture.data[(y * picture.width + x) * 3 + channel]!);
      expect(greys).toEqual(new Set([maskPolicy.grey]));
    },
    90_000,
  );

  test('without masks all are read', async () => {
    const { read } = await look(await clipToTurn(await fourCodes(), 0), 0, []);
    expect(read).toEqual([...texts].sort());
  });
});
