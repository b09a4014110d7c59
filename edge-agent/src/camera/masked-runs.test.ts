import type { PictureOutline } from '@watchpost/contracts/site';
import { isInside } from '@watchpost/contracts/site';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beforeTurn, maskedRuns } from './masked-runs.ts';
import { turnRgb } from './rgb-picture.ts';

const bitmap = (outlines: readonly PictureOutline[], width: number, height: number, margin = 0) => {
  const found = new Uint8Array(width * height);
  const runs = maskedRuns(outlines, width, height, margin);
  for (let i = 0; i < runs.length; i += 3)
    found.fill(1, runs[i]! * width + runs[i + 1]!, runs[i]! * width + runs[i + 2]!);
  return found;
};
const point = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));
const outline = fc
  .array(point, { minLength: 3, maxLength: 8 })
  .map((points): PictureOutline => points.map(([x, y]) => [x / 100, y / 100] as const));

describe('masked pixels', () => {
  it('are all that hold a point of the inside, whatever the outline', () => {
    fc.assert(
      fc.property(outline, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 30 }), (area, w, h) => {
        const masked = bitmap([area], w, h);
        for (let i = 0; i < w * h; i++) {
          const [column, row] = [i % w, Math.floor(i / w)];
          for (const [dx, dy] of [
            [0.5, 0.5],
            [0.01, 0.01],
            [0.99, 0.01],
            [0.01, 0.99],
            [0.99, 0.99],
            [0.3, 0.7],
          ] as const)
            if (isInside(area, [(column + dx) / w, (row + dy) / h]) && masked[i] !== 1) return false;
        }
        return true;
      }),
      { numRuns: 300 },
    );
  });
  it('are no more than those and, with a margin, the ones beside them', () => {
    const quarter: PictureOutline = [
      [0.25, 0.25],
      [0.501, 0.25],
      [0.501, 0.501],
      [0.25, 0.501],
    ];
    // 40 × 20: columns 10 to 20, rows 5 to 10; an edge that lies between two pixels touches both.
    const count = (margin: number) => bitmap([quarter], 40, 20, margin).reduce((sum, is) => sum + is, 0);
    expect(count(0)).toBeGreaterThanOrEqual(11 * 6);
    expect(count(0)).toBeLessThanOrEqual(12 * 7);
    expect(count(1)).toBeGreaterThanOrEqual(13 * 8);
    expect(count(1)).toBeLessThanOrEqual(14 * 9);
    expect(
      bitmap(
        [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
        7,
        5,
      ).every((is) => is === 1),
    ).toBe(true);
  });
  it.each([0, 90, 180, 270] as const)('lie in a picture turned by %i° where they lay before', (rotation) => {
    const [width, height] = [36, 24];
    const upright = rotation % 180 === 0 ? ([width, height] as const) : ([height, width] as const);
    const area: PictureOutline = [
      [0.05, 0.1],
      [0.48, 0.2],
      [0.3, 0.7],
    ];
    const before = bitmap([beforeTurn(area, rotation)], width, height);
    const rgb = Buffer.from([...before].flatMap((is) => [is, is, is]));
    const turned = turnRgb({ width, height, data: rgb }, rotation, Buffer.alloc(rgb.length));
    expect([turned.width, turned.height]).toEqual(upright);
    const after = bitmap([area], ...upright);
    expect(Array.from(after, (_, i) => turned.data[i * 3])).toEqual([...after]);
  });
});
