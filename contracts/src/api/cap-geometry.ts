/** Numbers of places in messages of CAP. */
const capPlacePolicy = {
  /** Corners of a polygon: each is compared with each other. */
  pairsAtMost: 500,
  /** A larger circle is taken for one whose radius is in metres. */
  radiusAtMostKm: 250,
} as const;

/** Degrees of WGS 84: latitude first, as CAP has it. */
type Point = readonly [latitude: number, longitude: number];

const pointPattern = /^(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)$/;

function pointOf(text: string): Point | undefined {
  const [, first, second] = pointPattern.exec(text) ?? [];
  const [latitude, longitude] = [Number(first), Number(second)];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [latitude, longitude] : undefined;
}

/** On which side of the line from `a` to `b` a point is: left 1, right -1, on it 0. */
const side = (a: Point, b: Point, point: Point): number =>
  Math.sign((b[1] - a[1]) * (point[0] - a[0]) - (b[0] - a[0]) * (point[1] - a[1]));

/** Whether a point on the line through `a` and `b` is between them. */
const isBetween = (a: Point, b: Point, point: Point): boolean =>
  Math.min(a[0], b[0]) <= point[0] &&
  point[0] <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= point[1] &&
  point[1] <= Math.max(a[1], b[1]);

function touch(a: Point, b: Point, c: Point, d: Point): boolean {
  const [atC, atD, atA, atB] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (atC * atD < 0 && atA * atB < 0) return true;
  return (
    (atC === 0 && isBetween(a, b, c)) ||
    (atD === 0 && isBetween(a, b, d)) ||
    (atA === 0 && isBetween(c, d, a)) ||
    (atB === 0 && isBetween(c, d, b))
  );
}

/** Whether two sides that are no neighbours touch; neighbours that run back over each other do too. */
function crossesItself(ring: readonly Point[]): boolean {
  const sides = ring.slice(1).map((to, index) => [ring[index] ?? to, to] as const);
  return sides.some(([a, b], first) =>
    sides.slice(first + 1).some(([c, d], between) => {
      const isNext = between === 0;
      const isLast = first === 0 && between === sides.length - 2;
      if (!isNext && !isLast) return touch(a, b, c, d);
      // They share a corner; the far end of one on the other means that they lie on each other.
      const [near, far, corner] = isNext ? [a, d, b] : [b, c, a];
      if (near[0] === corner[0] && near[1] === corner[1]) return true;
      return side(near, corner, far) === 0 && (isBetween(near, corner, far) || isBetween(far, corner, near));
    }),
  );
}

/**
 * What is wrong with a polygon, if anything: CAP 1.2 §3.2.4 wants at least four pairs `lat,lon`, the first
 * and the last equal; one that crosses itself has no inside.
 */
export function polygonProblem(text: string): string | undefined {
  const pairs = text.trim().split(/\s+/);
  if (pairs.length < 4) return 'expected at least four pairs';
  if (pairs.length > capPlacePolicy.pairsAtMost)
    return `expected at most ${capPlacePolicy.pairsAtMost} pairs`;
  const ring = pairs.map(pointOf);
  if (!ring.every((point) => point !== undefined)) return 'expected pairs of lat,lon in degrees';
  const [first, last] = [ring[0], ring.at(-1)];
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) return 'expected the last pair to be the first';
  return crossesItself(ring) ? 'expected a polygon that does not cross itself' : undefined;
}

/** What is wrong with a circle, if anything: `lat,lon radius`, the radius in kilometres (CAP 1.2 §3.2.4). */
export function circleProblem(text: string): string | undefined {
  const [centre = '', radius = '', ...more] = text.trim().split(/\s+/);
  if (more.length > 0 || !pointOf(centre) || !/^\d{1,6}(\.\d{1,9})?$/.test(radius))
    return 'expected lat,lon and a radius';
  return Number(radius) > capPlacePolicy.radiusAtMostKm
    ? `expected a radius in kilometres, at most ${capPlacePolicy.radiusAtMostKm}`
    : undefined;
}
