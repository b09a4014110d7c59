import type { Point } from './file-value.ts';

/** What is drawn on: its size in its own units, and how fine it is drawn. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  /** Smallest difference that is kept. */
  readonly grain: number;
}

/** A point that lies on the ground, on its grain. */
export function onGround({ width, height, grain }: Ground, [x, y]: Point): Point {
  const kept = (value: number, most: number) =>
    Number((Math.round(Math.min(most, Math.max(0, value)) / grain) * grain).toFixed(4));
  return [kept(x, width), kept(y, height)];
}

/** The upright rectangle between two of its corners. */
export const rectangleOf = ([x, y]: Point, [otherX, otherY]: Point): readonly Point[] => [
  [Math.min(x, otherX), Math.min(y, otherY)],
  [Math.max(x, otherX), Math.min(y, otherY)],
  [Math.max(x, otherX), Math.max(y, otherY)],
  [Math.min(x, otherX), Math.max(y, otherY)],
];

/** An outline with one more corner, where it lengthens it least. */
export function withCorner(outline: readonly Point[], corner: Point): readonly Point[] {
  if (outline.length < 3) return [...outline, corner];
  const between = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const detours = outline.map((point, index) => {
    const next = outline[(index + 1) % outline.length] ?? point;
    return between(point, corner) + between(corner, next) - between(point, next);
  });
  return outline.toSpliced(detours.indexOf(Math.min(...detours)) + 1, 0, corner);
}

/**
 * Where the side of a line is that is inside: beside its middle, `far` away. Left and right are meant looking
 * from its first end to its second, with y downwards.
 */
export function insideOf(from: Point, to: Point, side: 'left' | 'right', far: number): Point {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const sign = side === 'left' ? 1 : -1;
  return [
    (from[0] + to[0]) / 2 + (sign * far * dy) / length,
    (from[1] + to[1]) / 2 - (sign * far * dx) / length,
  ];
}

/** How an arrow key moves a point; null for every other key. With Shift ten times as far. */
export function keyStep(key: string, shift: boolean, grain: number): Point | null {
  const far = grain * (shift ? 10 : 1);
  const steps: Readonly<Record<string, Point>> = {
    ArrowLeft: [-far, 0],
    ArrowRight: [far, 0],
    ArrowUp: [0, -far],
    ArrowDown: [0, far],
  };
  return steps[key] ?? null;
}
