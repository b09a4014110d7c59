import type { ToldLine } from '@watchpost/contracts/site';
import { zoneIdSchema } from '@watchpost/contracts/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCrossings } from './line-crossings.ts';
import { linePolicy } from './policy.ts';

const aspect = 16 / 9;
const id = zoneIdSchema.parse('door');
const zone = zoneIdSchema.parse('hall');
const line = (more: Partial<ToldLine> = {}): ToldLine => ({
  ...{ line: id, zone, from: [0.5, 0.2], to: [0.5, 0.8], inside: 'left' },
  ...more,
});
/** Lets one walk through the points, and says what was crossed. */
function walk(points: readonly (readonly [number, number])[], drawn = [line()]) {
  const crossings = new LineCrossings(drawn);
  return points.flatMap(([x, y], at) =>
    crossings
      .observe([{ id: 't1', x, y }], aspect, at * 100)
      .map(({ data }) => `${data.line} ${data.direction}`),
  );
}
const along = (from: number, to: number, y = 0.5, steps = 12) =>
  Array.from({ length: steps + 1 }, (_, i) => [from + ((to - from) * i) / steps, y] as const);

test('who walks through a line crosses it once, in the direction that was drawn', () => {
  // Looking down the picture, what is on its right edge is to the left.
  expect(walk(along(0.2, 0.8))).toEqual(['door in']);
  expect(walk(along(0.8, 0.2))).toEqual(['door out']);
  expect(walk(along(0.2, 0.8), [line({ inside: 'right' })])).toEqual(['door out']);
  expect(walk(along(0.2, 0.8), [line({ from: [0.5, 0.8], to: [0.5, 0.2] })])).toEqual(['door out']);
  expect(walk([...along(0.2, 0.8), ...along(0.8, 0.2), ...along(0.2, 0.8)])).toEqual([
    'door in',
    'door out',
    'door in',
  ]);
  // Seen twice only, once on either side.
  expect(walk(along(0.2, 0.8, 0.5, 1))).toEqual(['door in']);
});

test('the event is of the line’s zone', () => {
  const crossings = new LineCrossings([line()]);
  crossings.observe([{ id: 't', x: 0.2, y: 0.5 }], aspect, 0);
  expect(crossings.observe([{ id: 't', x: 0.8, y: 0.5 }], aspect, 100)).toEqual([
    {
      type: 'watchpost.line.crossed.v1',
      data: { line: 'door', direction: 'in' },
      ...{ zone, capturedAtMs: 100 },
    },
  ]);
});

test('who walks past the end of a line, or around it and back, crosses nothing', () => {
  expect(walk(along(0.2, 0.8, 0.9))).toEqual([]);
  expect(walk([...along(0.2, 0.8, 0.9), [0.8, 0.5], ...along(0.8, 0.55, 0.5)])).toEqual([]);
  // Through it, and around its end to where it began: two sides were left, one of them through the line.
  expect(walk([...along(0.2, 0.8), [0.8, 0.95], ...along(0.8, 0.2, 0.95)])).toEqual(['door in']);
});

test('who stands on a line crosses nothing, however much the face trembles', () => {
  const tremble = Array.from({ length: 200 }, (_, i) => [0.5 + (i % 2 ? 0.01 : -0.01), 0.5] as const);
  expect(walk(tremble)).toEqual([]);
  expect(walk([...along(0.2, 0.5), ...tremble, ...along(0.5, 0.2)])).toEqual([]);
  expect(walk([...along(0.2, 0.5), ...tremble, ...along(0.5, 0.8)])).toEqual(['door in']);
});

test('who appears beyond a line has not crossed it, and a new track is another one', () => {
  expect(walk(along(0.6, 0.9))).toEqual([]);
  const crossings = new LineCrossings([line()]);
  crossings.observe([{ id: 'a', x: 0.2, y: 0.5 }], aspect, 0);
  crossings.observe([], aspect, 100);
  expect(crossings.observe([{ id: 'a', x: 0.8, y: 0.5 }], aspect, 200)).toEqual([]);
  expect(crossings.observe([{ id: 'b', x: 0.2, y: 0.5 }], aspect, 300)).toEqual([]);
});

test('a way from one side to the other crosses once whatever its steps, slanted lines included', () => {
  const step = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 30, max: 70 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const way = steps.map(([x, y]) => [x / 100, y / 100] as const);
      const said = walk(
        [[0.02, 0.5], ...way, [0.98, 0.5]],
        [line({ from: [0.6, 0], to: [0.4, 1], inside: 'left' })],
      );
      // In one more than out, never twice the same one after the other.
      return (
        said.every((each, i) => each === (i % 2 === 0 ? 'door in' : 'door out')) && said.length % 2 === 1
      );
    }),
  );
});

test('what flickers is held back and counted', () => {
  const crossings = new LineCrossings([line()]);
  let said = 0;
  for (let i = 0; i < 400; i++)
    said += crossings.observe([{ id: 't', x: i % 2 ? 0.2 : 0.8, y: 0.5 }], aspect, i * 100).length;
  expect([said, crossings.heldBack]).toEqual([
    linePolicy.crossingsPerMinute,
    399 - linePolicy.crossingsPerMinute,
  ]);
});
