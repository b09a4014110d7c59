import { createRandom } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import { photograph, renderCode } from '../testing/hard-pictures.ts';
import { crop, evenOut, sharpen, turn, turnBack } from './enhance.ts';
import { toGray } from './gray-image.ts';
import { findRegions } from './regions.ts';
import type { GrayImage } from './zxing.ts';

async function scene(format: 'Code128' | 'QRCode', turn: number): Promise<GrayImage> {
  const how = { width: 1280, height: 720, cellPx: 3, turn, noise: 4 };
  return toGray(photograph(await renderCode('WATCHPOST 12345', format), how, createRandom(21)));
}

describe('findRegions', () => {
  it('finds bars, and the direction across them', async () => {
    for (const degrees of [-60, -20, 0, 35, 80]) {
      const [region] = findRegions(await scene('Code128', degrees));
      expect(region!.coherence).toBeGreaterThan(0.7);
      expect(Math.abs(Math.sin(((region!.angle - degrees) * Math.PI) / 180))).toBeLessThan(0.12);
    }
  });

  it('finds squares, whose edges run both ways', async () => {
    const image = await scene('QRCode', 0);
    const [region] = findRegions(image);
    expect(region!.coherence).toBeLessThan(0.3);
    expect(region!.box.width * region!.box.height).toBeLessThan(0.1 * image.width * image.height);
  });

  it('stays inside the picture and finds nothing in an even one', () => {
    expect(findRegions({ width: 100, height: 80, data: new Uint8Array(8000).fill(90) })).toEqual([]);
    const random = createRandom(5);
    for (const [width, height] of [
      [8, 8],
      [9, 300],
      [33, 41],
      [2000, 16],
    ] as const) {
      const data = Uint8Array.from({ length: width * height }, () => 256 * random());
      for (const { box } of findRegions({ width, height, data })) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
      }
    }
  });
});

describe('turn', () => {
  it('comes back to the same point', () => {
    const image: GrayImage = { width: 60, height: 40, data: new Uint8Array(2400).fill(255) };
    image.data.fill(0, 10 * 60 + 44, 10 * 60 + 47);
    for (const [degrees, scale] of [
      [0, 1],
      [30, 1],
      [-75, 2],
      [90, 1.5],
    ] as const) {
      const turned = turn(image, degrees, scale);
      const darkest = turned.data.indexOf(Math.min(...turned.data));
      const at = { x: (darkest % turned.width) + 0.5, y: Math.floor(darkest / turned.width) + 0.5 };
      const { x, y } = turnBack(image, degrees, scale, at);
      expect(Math.abs(x - 45.5)).toBeLessThan(2);
      expect(Math.abs(y - 10.5)).toBeLessThan(1.5);
    }
  });
});

describe('evenOut and sharpen', () => {
  const stripes = (light: (x: number) => number): GrayImage => ({
    width: 120,
    height: 30,
    data: Uint8Array.from(
      { length: 3600 },
      (_, i) => light(i % 120) * (Math.floor((i % 120) / 4) % 2 ? 1 : 0.5),
    ),
  });

  it('make stripes in shadow as strong as stripes in light', () => {
    const even = evenOut(
      stripes((x) => (x < 60 ? 200 : 40)),
      12,
    );
    const span = (from: number) => {
      const part = crop(even, { x: from, y: 10, width: 30, height: 10 }).data;
      return Math.max(...part) - Math.min(...part);
    };
    expect(span(85)).toBeGreaterThan(0.8 * span(10));
  });

  it('steepen an edge and leave even parts as they are', () => {
    const edge: GrayImage = {
      width: 40,
      height: 10,
      data: Uint8Array.from({ length: 400 }, (_, i) =>
        Math.max(60, Math.min(180, 60 + 12 * ((i % 40) - 15))),
      ),
    };
    const sharp = sharpen(edge, 2, 2);
    expect(sharp.data[200 + 19]! - sharp.data[200 + 16]!).toBeGreaterThanOrEqual(
      edge.data[219]! - edge.data[216]!,
    );
    expect(sharp.data[200 + 3]).toBe(60);
    expect(Math.max(...sharp.data)).toBeGreaterThan(180);
  });
});
