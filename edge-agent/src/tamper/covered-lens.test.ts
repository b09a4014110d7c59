import { expect, test } from 'vitest';
import { gridColumns, gridRows, type SeenCells, seenCells } from './cell-grid.ts';
import { CoveredLens } from './covered-lens.ts';

const limitMs = 15_000;
const stepMs = 250;

/** A repeatable noise of about ±1.7. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state / 2_147_483_648 - 0.5) * 6;
  };
}

/** Content of a yard, 0…1: walls, a door, a bench. */
function yard(column: number, row: number): number {
  if (row < 5) return 0.9;
  if (column > 8 && column < 13 && row < 13) return 0.2;
  return row > 14 && column > 18 && column < 26 ? 0.35 : 0.6;
}
type Scene = (column: number, row: number) => number;
const lit =
  (light: number): Scene =>
  (column, row) =>
    4 + light * yard(column, row);
const infrared: Scene = (column, row) => 20 + 90 * yard(column, row) * (1 - 0.02 * Math.abs(column - 16));
const hand: Scene = (column, row) => 40 + 0.8 * column - 0.5 * row;
const tape: Scene = () => 3;
const whiteFoil: Scene = (column) => 200 - 0.6 * Math.abs(column - 16);
const streetAtNight: Scene = (column, row) => (column === 20 && row === 6 ? 180 : 5 + yard(column, row));

type Part = readonly [seconds: number, scene: (second: number) => Scene];

/**
 * Plays scenes one after the other; @returns reasons that were given, each once per episode, with the second
 * it was known.
 */
const play = (...parts: readonly Part[]) => playSeen(seenCells(), ...parts);

/** The same with a mask: what is not `seen` is grey. */
function playSeen(seen: SeenCells, ...parts: readonly Part[]) {
  const lens = new CoveredLens(seen);
  const random = noise(7);
  const said: string[] = [];
  let now = 1000;
  let open: string | null = null;
  for (const [seconds, scene] of parts) {
    for (let at = 0; at < seconds * 1000; at += stepMs, now += stepMs) {
      const draw = scene(at / 1000);
      const cells = Float32Array.from({ length: gridColumns * gridRows }, (_, i) =>
        seen[i] === 0
          ? 128
          : Math.max(0, Math.min(255, draw(i % gridColumns, Math.floor(i / gridColumns)) + random())),
      );
      lens.observe(cells, now);
      const reason = lens.coveredSince(limitMs)?.reason ?? null;
      if (reason !== null && open === null) said.push(reason);
      open = reason;
    }
  }
  return said;
}
const still = (scene: Scene) => () => scene;

test.each([
  ['a hand', hand, 'flat'],
  ['black tape', tape, 'dark'],
  ['white foil before the infrared lamp', whiteFoil, 'flat'],
])('%s over the lens is told once each time', (_name, cover, reason) => {
  const day = still(lit(150));
  expect(play([60, day], [60, still(cover)], [30, day], [40, still(cover)])).toEqual([reason, reason]);
});

test('a lens that is covered from the start is told too', () => {
  expect(play([30, still(hand)])).toEqual(['flat']);
});

test('a cover at night, in infrared light, is told', () => {
  expect(play([60, still(infrared)], [30, still(tape)])).toEqual(['dark']);
});

const harmless: readonly (readonly [string, readonly Part[]])[] = [
  [
    'a hand that passes',
    [
      [60, still(lit(150))],
      [8, still(hand)],
      [60, still(lit(150))],
    ],
  ],
  [
    'a lamp that goes out, infrared after six seconds',
    [
      [60, still(lit(150))],
      [6, still(tape)],
      [60, still(infrared)],
    ],
  ],
  [
    'a lamp that goes out and leaves a street light',
    [
      [60, still(lit(150))],
      [120, still(streetAtNight)],
    ],
  ],
  [
    'a lamp that dims to a fifth',
    [
      [60, still(lit(150))],
      [120, still(lit(30))],
    ],
  ],
  ['a lamp that flickers every ten seconds', [[200, (s) => (Math.floor(s / 10) % 2 ? tape : lit(150))]]],
  [
    'somebody who fills the picture in a dark coat for ten seconds',
    [
      [60, still(lit(150))],
      [10, still(() => 15)],
      [60, still(lit(150))],
    ],
  ],
  [
    'dusk into a night without any light, and dawn',
    [
      [1500, (s) => lit(150 * Math.exp(-s / 200))],
      [600, still(() => 3)],
      [1500, (s) => lit(150 * Math.exp(-(1500 - s) / 200))],
    ],
  ],
  ['a grey rainy day with little contrast', [[300, still((c, r) => 110 + 14 * yard(c, r))]]],
];

test.each(harmless)('%s is no cover', (_name, parts) => {
  expect(play(...parts)).toEqual([]);
});

const leftHalf = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
] as const;

test.each([
  ['a hand', hand, 'flat'],
  ['black tape', tape, 'dark'],
])(
  '%s over a lens half of which is masked is told: the edge of a mask is no content',
  (_n, cover, reason) => {
    const day = still(lit(150));
    expect(playSeen(seenCells([leftHalf]), [60, day], [60, still(cover)], [30, day])).toEqual([reason]);
  },
);

test('a strip that is too narrow to judge says nothing, and says that it cannot', () => {
  const strip = seenCells([
    [
      [0.05, 0],
      [1, 0],
      [1, 1],
      [0.05, 1],
    ],
  ]);
  expect(new CoveredLens(strip).canJudge).toBe(false);
  expect(new CoveredLens(seenCells([leftHalf])).canJudge).toBe(true);
  expect(playSeen(strip, [60, still(lit(150))], [60, still(tape)])).toEqual([]);
});
