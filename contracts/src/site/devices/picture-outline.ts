/**
 * A point of a camera’s picture, upright as people see it: x from its left edge to the right one, y from the
 * top down, both 0…1.
 */
export type PicturePoint = readonly [x: number, y: number];

/** Corners of an area of a picture, one after the other; the last one is joined to the first. */
export type PictureOutline = readonly PicturePoint[];

/** Columns and rows of the grid that shares of a picture are counted on. */
const sampled = { columns: 128, rows: 72 } as const;
/** An area below this share of the picture is a line that was drawn twice. */
const leastArea = 1e-5;

const isSamePoint = (a: PicturePoint, b: PicturePoint): boolean => a[0] === b[0] && a[1] === b[1];

/** The corners without those that stand where the one before does, as when an outline is closed by hand. */
function corners(outline: PictureOutline): PictureOutline {
  return outline.filter((point, index) => {
    const before = outline.at(index - 1);
    return !before || !isSamePoint(before, point);
  });
}

type Edge = readonly [from: PicturePoint, to: PicturePoint];

const edgesOf = (points: PictureOutline): Edge[] =>
  points.flatMap((point, index): Edge[] => {
    const next = points[(index + 1) % points.length];
    return next ? [[point, next]] : [];
  });

/** Twice the area of the triangle; its sign says on which side of `a`–`b` the third point is. */
const turn = (a: PicturePoint, b: PicturePoint, c: PicturePoint): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

const isBetween = ([a, b]: Edge, point: PicturePoint): boolean =>
  Math.min(a[0], b[0]) <= point[0] &&
  point[0] <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= point[1] &&
  point[1] <= Math.max(a[1], b[1]);

/** Whether two edges have a point in common. */
function meet(one: Edge, other: Edge): boolean {
  const [a, b] = [turn(...one, other[0]), turn(...one, other[1])];
  const [c, d] = [turn(...other, one[0]), turn(...other, one[1])];
  if (Math.sign(a) * Math.sign(b) < 0 && Math.sign(c) * Math.sign(d) < 0) return true;
  return (
    (a === 0 && isBetween(one, other[0])) ||
    (b === 0 && isBetween(one, other[1])) ||
    (c === 0 && isBetween(other, one[0])) ||
    (d === 0 && isBetween(other, one[1]))
  );
}

/** Two edges of an outline that cross or touch although they do not follow each other; undefined: none do. */
export function crossingEdges(outline: PictureOutline): readonly [Edge, Edge] | undefined {
  const edges = edgesOf(corners(outline));
  for (const [index, edge] of edges.entries()) {
    for (const [further, other] of edges.slice(index + 2).entries()) {
      const isNext = index === 0 && index + 2 + further === edges.length - 1;
      if (!isNext && meet(edge, other)) return [edge, other];
    }
  }
  return undefined;
}

/** Whether all corners stand on one line, so that nothing is inside. */
export function isFlat(outline: PictureOutline): boolean {
  const points = corners(outline);
  const doubled = edgesOf(points).reduce((sum, [[ax, ay], [bx, by]]) => sum + ax * by - bx * ay, 0);
  return points.length < 3 || Math.abs(doubled) / 2 < leastArea;
}

/** Whether a point is inside (even–odd rule). */
export function isInside(outline: PictureOutline, [x, y]: PicturePoint): boolean {
  let inside = false;
  for (const [[ax, ay], [bx, by]] of edgesOf(outline))
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  return inside;
}

/** Share of the picture, 0…1, that is in none of the outlines. */
export function shareOutside(outlines: readonly PictureOutline[]): number {
  const { columns, rows } = sampled;
  let outside = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const point = [(column + 0.5) / columns, (row + 0.5) / rows] as const;
      if (!outlines.some((outline) => isInside(outline, point))) outside++;
    }
  return outside / (columns * rows);
}
