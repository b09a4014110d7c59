import { WatchpostError } from '@watchpost/contracts/errors';
import { createRandom, damage } from '@watchpost/service/testing/damage';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createCodeReader } from './codes/code-reader.ts';
import { routePayload } from './codes/route-payload.ts';
import { decodeScrfd } from './face/detectors/scrfd.ts';
import { decodeUltraFace } from './face/detectors/ultraface.ts';
import { decodeYuNet } from './face/detectors/yunet.ts';
import { decodeImage } from './frame/decode-image.ts';
import { Gallery } from './gallery/gallery.ts';
import { decodeGallery, encodeGallery } from './gallery/gallery-codec.ts';
import { createSeriesDetector } from './series/series-detector.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const random = createRandom(20_260_101);

function each(of: readonly Uint8Array[], check: (input: Uint8Array, original: Uint8Array) => void): void {
  for (let i = 0; i < runs; i++) {
    const original = of[i % of.length] ?? new Uint8Array();
    check(damage(original, random), original);
  }
}

describe(`${runs} damaged inputs`, () => {
  it('are routed to inert text', () => {
    const seeds = [
      'https://user:pw@example.org/a/b?k=1&s=2',
      '(01)09506000134352(17)270101',
      'javascript:alert(1)',
      'WP1:ABC',
    ];
    each(
      seeds.map((seed) => Buffer.from(seed)),
      (input) => {
        const { text } = routePayload(Buffer.from(input).toString(random() < 0.5 ? 'latin1' : 'utf8'));
        expect(/(?![\r\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text)).toBe(false);
      },
    );
  });

  it('are refused as galleries', () => {
    const galleryKeys = {
      deploymentKey: new Uint8Array(32).fill(1),
      transformKey: new Uint8Array(32).fill(2),
    };
    const gallery = new Gallery({ dimension: 8, transformKey: galleryKeys.transformKey });
    gallery.add({ entryId: 'a', list: 'watch', expiresAt: 1 }, new Float32Array(8).fill(1));
    each([encodeGallery(gallery, galleryKeys)], (input, original) => {
      if (Buffer.from(input).equals(Buffer.from(original))) return;
      expect(() => decodeGallery(input, galleryKeys)).toThrow(
        expect.objectContaining({ code: 'inference.template_invalid' }),
      );
    });
  });

  it('as detector outputs give finite boxes', () => {
    const geometry = { width: 64, height: 64, scaleX: 1, scaleY: 1 };
    for (let i = 0; i < runs; i++) {
      const array = () =>
        Float32Array.from(
          { length: 200 },
          () => [random(), -random() * 9, 1e30, Number.NaN, Infinity][Math.floor(random() * 5)] ?? 0,
        );
      const shared = [array(), array(), array()];
      const names = [
        'cls_8',
        'obj_8',
        'bbox_8',
        'kps_8',
        'cls_16',
        'obj_16',
        'bbox_16',
        'kps_16',
        'scores',
        'boxes',
      ];
      const outputs = new Map(names.map((name, k) => [name, shared[k % 3] ?? new Float32Array()] as const));
      for (const decode of [decodeYuNet, decodeScrfd, decodeUltraFace]) {
        for (const { box } of decode(outputs, geometry, 0.5)) {
          if (!Number.isFinite(box.x + box.y + box.width + box.height)) expect(box).toBe('finite');
        }
      }
    }
  });

  it('as series give scores of 0 … 1', () => {
    const detector = createSeriesDetector();
    const odd = [Number.NaN, Infinity, -Infinity, 1e308, -1e308, 0, -0, 5e-324];
    for (let i = 0; i < runs; i++) {
      const value =
        random() < 0.2
          ? (odd[Math.floor(random() * odd.length)] ?? 0)
          : random() * 10 ** Math.floor(random() * 12);
      const time = random() < 0.1 ? (odd[Math.floor(random() * odd.length)] ?? 0) : i * 1000;
      const { score } = detector.observe(Number.isFinite(time) && Math.abs(time) > 1e15 ? i : time, value);
      if (!(score >= 0 && score <= 1)) expect(score).toBe('0 … 1');
    }
  });

  it('as picture files give a frame or a coded error', async () => {
    const small = { create: { width: 24, height: 16, channels: 3, background: '#a33' } } as const;
    const seeds = [
      await sharp(small).jpeg().toBuffer(),
      await sharp(small).png().toBuffer(),
      await sharp(small).webp().toBuffer(),
      await sharp(small).gif().toBuffer(),
      await sharp(small).tiff().toBuffer(),
    ];
    let frames = 0;
    for (let i = 0; i < runs; i++) {
      const input = damage(seeds[i % seeds.length] ?? new Uint8Array(), random);
      try {
        const frame = await decodeImage(input, { maxPixels: 1e6, capturedAt: 0 });
        if (frame.data.length !== frame.width * frame.height * 3)
          expect(frame.data.length).toBe('width × height × 3');
        frames++;
      } catch (error) {
        if (!(error instanceof WatchpostError)) throw error;
      }
    }
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThan(runs);
  });

  it('as frames leave the code reader standing', async () => {
    const reader = createCodeReader({ secondLookMs: 0 });
    for (let i = 0; i < runs; i++) {
      const width = 8 + Math.floor(random() * 24);
      const height = 8 + Math.floor(random() * 24);
      const data = Uint8Array.from({ length: width * height * 3 }, () => (random() < 0.5 ? 0 : 255));
      await reader.read({ width, height, data, capturedAt: 0 });
    }
  });
});
