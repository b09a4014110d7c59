import fc from 'fast-check';
import { expect, test } from 'vitest';
import { burnIn, readMark } from './picture-mark.ts';

test('every number that is burnt in is read again, also from a smaller picture', () => {
  const picture = { width: 384, height: 216, data: new Uint8Array(384 * 216 * 3) };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), (number) => {
      burnIn(picture, number);
      expect(readMark(picture)).toBe(number);
      expect(readMark(halved(picture))).toBe(number);
    }),
  );
});

test('a picture without a mark gives no number', () => {
  expect(() => readMark({ width: 160, height: 90, data: new Uint8Array(160 * 90 * 3).fill(128) })).toThrow(
    RangeError,
  );
});

function halved({ width, height, data }: { width: number; height: number; data: Uint8Array }) {
  const small = { width: width / 2, height: height / 2, data: new Uint8Array((width * height * 3) / 4) };
  for (let y = 0; y < small.height; y++)
    for (let x = 0; x < small.width; x++) {
      const from = (2 * y * width + 2 * x) * 3;
      small.data.set(data.subarray(from, from + 3), (y * small.width + x) * 3);
    }
  return small;
}
