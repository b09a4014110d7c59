import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlap, suppress } from './detector.ts';
import { decodeScrfd } from './scrfd.ts';
import { decodeUltraFace } from './ultraface.ts';
import { decodeYuNet } from './yunet.ts';

const geometry = { width: 64, height: 32, scaleX: 0.5, scaleY: 0.5 };

/** YuNet outputs for the geometry, all zero. */
function yuNetOutputs(): Map<string, Float32Array> {
  const outputs = new Map<string, Float32Array>();
  for (const stride of [8, 16, 32]) {
    const cells = (64 / stride) * (32 / stride);
    for (const [name, size] of [
      ['cls', 1],
      ['obj', 1],
      ['bbox', 4],
      ['kps', 10],
    ] as const) {
      outputs.set(`${name}_${stride}`, new Float32Array(cells * size));
    }
  }
  return outputs;
}

describe('decodeYuNet', () => {
  it('turns one cell into a box and points in frame pixels', () => {
    const outputs = yuNetOutputs();
    const cell = 1 * (64 / 16) + 2;
    outputs.get('cls_16')![cell] = 0.81;
    outputs.get('obj_16')![cell] = 1;
    outputs.get('bbox_16')!.set([0.5, 0.25, Math.log(2), Math.log(1)], cell * 4);
    outputs.get('kps_16')!.set([0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1], cell * 10);
    expect(decodeYuNet(outputs, geometry, 0.6)).toEqual([
      {
        score: expect.closeTo(0.9, 5),
        box: {
          x: expect.closeTo(48, 3),
          y: expect.closeTo(24, 3),
          width: expect.closeTo(64, 3),
          height: expect.closeTo(32, 3),
        },
        points: [
          { x: 64, y: 32 },
          { x: 96, y: 32 },
          { x: 80, y: 48 },
          { x: 64, y: 64 },
          { x: 96, y: 64 },
        ],
      },
    ]);
  });
});

describe('decodeScrfd', () => {
  it('takes outputs by order, two anchors per cell', () => {
    const strides = [8, 16, 32];
    const cells = strides.map((stride) => 2 * (64 / stride) * (32 / stride));
    const arrays = [1, 4, 10].flatMap((size) => cells.map((n) => new Float32Array(n * size)));
    const outputs = new Map(arrays.map((array, i) => [String(900 - i), array]));
    // Stride 8, column 3, row 2, second anchor.
    const index = 2 * (2 * 8 + 3) + 1;
    arrays[0]![index] = 0.7;
    arrays[3]!.set([1, 1, 1, 2], index * 4);
    arrays[6]!.set([0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.5], index * 10);
    const [found, ...rest] = decodeScrfd(outputs, geometry, 0.5);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ box: { x: 32, y: 16, width: 32, height: 48 } });
    expect(found!.points![4]).toEqual({ x: 56, y: 40 });
  });
});

describe('decodeUltraFace', () => {
  const boxOf = (corners: readonly number[]) =>
    decodeUltraFace(
      new Map([
        ['scores', Float32Array.of(0.1, 0.9)],
        ['boxes', Float32Array.from(corners)],
      ]),
      geometry,
      0.65,
    );
  it('scales corners of 0 … 1 to the frame', () => {
    expect(boxOf([0.25, 0.5, 0.75, 1])).toMatchObject([
      { box: { x: 32, y: 32, width: 64, height: 32 }, points: null },
    ]);
  });
  it('drops what is no rectangle or not finite', () => {
    for (const corners of [
      [0.5, 0, 0.5, 1],
      [0.6, 0, 0.5, 1],
      [0, 0, 1, Infinity],
      [Number.NaN, 0, 1, 1],
    ]) {
      expect(boxOf(corners)).toEqual([]);
    }
  });
});

describe('detector decoders', () => {
  it('never throw and give finite boxes for any outputs', () => {
    const numbers = fc.float32Array({ maxLength: 600 });
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 12, maxLength: 12 }), (arrays) => {
        const named = new Map(
          ['cls', 'obj', 'bbox', 'kps'].flatMap((name, i) =>
            [8, 16, 32].map((s, k) => [`${name}_${s}`, arrays[i * 3 + k]!] as const),
          ),
        );
        const boxes = new Map([
          ['scores', arrays[0]!],
          ['boxes', arrays[1]!],
        ]);
        const all = [
          ...decodeYuNet(named, geometry, 0.5),
          ...decodeScrfd(named, geometry, 0.5),
          ...decodeUltraFace(boxes, geometry, 0.5),
        ];
        for (const { box } of all) {
          expect(box.width).toBeGreaterThan(0);
          expect(box.height).toBeGreaterThan(0);
          expect(Number.isFinite(box.x + box.y + box.width + box.height)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('suppress', () => {
  const box = fc.record({
    x: fc.integer({ min: 0, max: 50 }),
    y: fc.integer({ min: 0, max: 50 }),
    width: fc.integer({ min: 1, max: 30 }),
    height: fc.integer({ min: 1, max: 30 }),
  });
  it('keeps the best score, and no two boxes that overlap by more than the limit', () => {
    const one = fc.record({
      box,
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      points: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1 }), (detections) => {
        const kept = suppress(detections, 0.3);
        expect(kept[0]!.score).toBe(Math.max(...detections.map(({ score }) => score)));
        for (const [i, a] of kept.entries())
          for (const b of kept.slice(0, i)) expect(overlap(a.box, b.box)).toBeLessThanOrEqual(0.3);
      }),
    );
  });
});
