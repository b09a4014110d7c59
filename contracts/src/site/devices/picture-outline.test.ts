import { describe, expect, it } from 'vitest';
import { crossingEdges, isFlat, isInside, shareOutside } from './picture-outline.ts';

const square = [
  [0.1, 0.1],
  [0.6, 0.1],
  [0.6, 0.6],
  [0.1, 0.6],
] as const;

describe('an outline of a picture', () => {
  it('crosses itself when two of its corners are swapped, and says where', () => {
    const [a, b, c, d] = square;
    expect(crossingEdges(square)).toBeUndefined();
    expect(crossingEdges([a, c, b, d])).toEqual([
      [a, c],
      [b, d],
    ]);
  });
  it('crosses itself when it touches itself, or goes back along its own edge', () => {
    expect(
      crossingEdges([
        [0, 0],
        [0.5, 0.5],
        [1, 0],
        [1, 1],
        [0.5, 0.5],
        [0, 1],
      ]),
    ).toBeDefined();
    expect(
      crossingEdges([
        [0.2, 0.2],
        [0.8, 0.2],
        [0.8, 0.8],
        [0.5, 0.2],
      ]),
    ).toBeDefined();
  });
  it('may be closed by hand, bent inwards and written in either direction', () => {
    const closed = [...square, square[0]];
    expect([crossingEdges(closed), isFlat(closed)]).toEqual([undefined, false]);
    const bent = [
      [0, 0],
      [1, 0],
      [0.2, 0.2],
      [0, 1],
    ] as const;
    for (const outline of [bent, bent.toReversed()])
      expect([crossingEdges(outline), isFlat(outline)]).toEqual([undefined, false]);
    expect([isInside(bent, [0.1, 0.1]), isInside(bent, [0.5, 0.5])]).toEqual([true, false]);
  });
  it('encloses nothing when its corners stand on one line or in one point', () => {
    expect(
      isFlat([
        [0, 0],
        [0.5, 0.5],
        [1, 1],
      ]),
    ).toBe(true);
    expect(
      isFlat([
        [0.3, 0.3],
        [0.3, 0.3],
        [0.3, 0.3],
      ]),
    ).toBe(true);
  });
  it('leaves the share of the picture that is in none of them, overlaps counted once', () => {
    expect(shareOutside([])).toBe(1);
    expect(shareOutside([square])).toBeCloseTo(0.75, 1);
    expect(shareOutside([square, square])).toBe(shareOutside([square]));
  });
});
