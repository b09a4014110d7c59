import type { PictureOutline } from '@watchpost/contracts/site';
import type { Rotation } from './frame-wire.ts';

/** Runs of masked pixels of a picture: row, first column, column after the last one; and so on. */
export type MaskedRuns = Int32Array<ArrayBuffer>;

/**
 * Every pixel that an outline covers or touches, however little: rounded outwards, so that nothing of what is
 * masked is left at an edge.
 * @param margin pixels beyond; one for a picture whose pixels hold something of their neighbours, as those of
 *   a scaled one do
 */
export function maskedRuns(
  outlines: readonly PictureOutline[],
  width: number,
  height: number,
  margin = 0,
): MaskedRuns {
  const runs: number[] = [];
  const row = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const outline of outlines) {
      markInside(outline, (y + 0.5) / height, row);
      markEdges(outline, (y - margin) / height, (y + 1 + margin) / height, row, margin);
    }
    for (let x = 0; x < width; x++) {
      if (row[x] === 0) continue;
      const from = x;
      while (x < width && row[x] === 1) x++;
      runs.push(y, from, x);
    }
  }
  return Int32Array.from(runs);
}

/** Marks the pixels of a row whose middle is inside (even–odd rule). */
function markInside(outline: PictureOutline, y: number, row: Uint8Array): void {
  const crossings: number[] = [];
  eachEdge(outline, (ax, ay, bx, by) => {
    if (ay > y !== by > y) crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
  });
  crossings.sort((a, b) => a - b);
  for (let i = 0; i + 1 < crossings.length; i += 2)
    row.fill(
      1,
      Math.max(0, Math.ceil((crossings[i] ?? 0) * row.length - 0.5)),
      Math.max(0, Math.floor((crossings[i + 1] ?? 0) * row.length - 0.5) + 1),
    );
}

/** Marks the pixels through which an edge goes between two heights. */
function markEdges(
  outline: PictureOutline,
  top: number,
  bottom: number,
  row: Uint8Array,
  margin: number,
): void {
  eachEdge(outline, (ax, ay, bx, by) => {
    if (Math.max(ay, by) < top || Math.min(ay, by) > bottom) return;
    const at = (y: number) =>
      ay === by
        ? bx
        : ax + ((Math.min(Math.max(y, Math.min(ay, by)), Math.max(ay, by)) - ay) / (by - ay)) * (bx - ax);
    const ends = ay === by ? [ax, bx] : [at(top), at(bottom)];
    const from = Math.floor(Math.min(...ends) * row.length) - margin;
    const to = Math.floor(Math.max(...ends) * row.length) + 1 + margin;
    row.fill(1, Math.max(0, Math.min(from, row.length - 1)), Math.max(0, to));
  });
}

function eachEdge(
  outline: PictureOutline,
  visit: (ax: number, ay: number, bx: number, by: number) => void,
): void {
  outline.forEach(([ax, ay], index) => {
    const [bx, by] = outline[(index + 1) % outline.length] ?? [ax, ay];
    visit(ax, ay, bx, by);
  });
}

/** Where an outline of the upright picture lies in the picture before that is turned clockwise. */
export function beforeTurn(outline: PictureOutline, rotation: Rotation): PictureOutline {
  switch (rotation) {
    case 0:
      return outline;
    case 90:
      return outline.map(([x, y]) => [y, 1 - x] as const);
    case 180:
      return outline.map(([x, y]) => [1 - x, 1 - y] as const);
    case 270:
      return outline.map(([x, y]) => [1 - y, x] as const);
  }
}
