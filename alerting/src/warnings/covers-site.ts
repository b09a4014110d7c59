import type { Site } from '@watchpost/contracts/site';
import { type PlanPoint, toLatLng } from '../places/plan-projection.ts';

/** Degrees of WGS 84, latitude first. */
type Point = readonly [latitude: number, longitude: number];

/** An area of a message of CAP 1.2, as it was read: polygons and circles that are well formed. */
export interface WarningArea {
  readonly polygon: readonly string[];
  readonly circle: readonly string[];
}

const earthRadiusKm = 6_371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** By the great circle, kilometres. */
function distanceKm(a: Point, b: Point): number {
  const [lat1, lat2] = [radians(a[0]), radians(b[0])];
  const half = (angle: number) => Math.sin(angle / 2) ** 2;
  const chord = half(lat2 - lat1) + Math.cos(lat1) * Math.cos(lat2) * half(radians(b[1] - a[1]));
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}

const pointOf = (pair: string): Point => {
  const [latitude, longitude] = pair.split(',').map(Number);
  return [latitude ?? Number.NaN, longitude ?? Number.NaN];
};

/** Whether a ray to the east crosses the ring an odd number of times. What is on the edge may be either. */
function isInside(ring: readonly Point[], [latitude, longitude]: Point): boolean {
  let inside = false;
  for (const [index, [lat2, lon2]] of ring.entries()) {
    const [lat1, lon1] = ring.at(index - 1) ?? [lat2, lon2];
    const isCrossed = lat1 > latitude !== lat2 > latitude;
    if (isCrossed && longitude < ((lon2 - lon1) * (latitude - lat1)) / (lat2 - lat1) + lon1) inside = !inside;
  }
  return inside;
}

/** Where a site is: the corners of its plans, the middle of each, and the corners of its zones. */
export function placesOf({ plan, otherPlans = [], zones }: Site): Point[] {
  const plans = [plan, ...otherPlans];
  const ofPlans = plans.flatMap(({ northWest, widthM, heightM }) =>
    (
      [
        [0, 0],
        [widthM, 0],
        [widthM, heightM],
        [0, heightM],
        [widthM / 2, heightM / 2],
      ] as PlanPoint[]
    ).map((at) => toLatLng(northWest, at)),
  );
  const ofZones = zones.flatMap((zone) => {
    const { northWest } = plans.find(({ id }) => id === zone.plan) ?? plan;
    return zone.outline.map((at) => toLatLng(northWest, at as PlanPoint));
  });
  return [...ofPlans, ...ofZones];
}

/** The least rectangle of latitudes and longitudes around a site. */
interface Bounds {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

function boundsOf(places: readonly Point[]): Bounds {
  const [latitudes, longitudes] = [places.map(([one]) => one), places.map(([, one]) => one)];
  return {
    ...{ south: Math.min(...latitudes), north: Math.max(...latitudes) },
    ...{ west: Math.min(...longitudes), east: Math.max(...longitudes) },
  };
}

const nearest = (value: number, from: number, to: number): number => Math.min(to, Math.max(from, value));

/**
 * Whether a straight line goes through the rectangle: what of it is left when each side cuts off what is
 * beyond it (Liang and Barsky, 1984).
 */
function goesThrough([lat1, lon1]: Point, [lat2, lon2]: Point, bounds: Bounds): boolean {
  const [up, right] = [lat2 - lat1, lon2 - lon1];
  let [from, to] = [0, 1];
  for (const [by, left] of [
    [-up, lat1 - bounds.south],
    [up, bounds.north - lat1],
    [-right, lon1 - bounds.west],
    [right, bounds.east - lon1],
  ] as const) {
    if (by === 0 && left < 0) return false;
    if (by < 0) from = Math.max(from, left / by);
    if (by > 0) to = Math.min(to, left / by);
  }
  return from <= to;
}

/**
 * Whether an area reaches a site: it has one of its places inside, or its edge goes through the rectangle
 * around them. An area without polygon and circle, of which only a code or words are known, reaches nothing.
 */
export function coversSite({ polygon, circle }: WarningArea, places: readonly Point[]): boolean {
  const bounds = boundsOf(places);
  const { south, north, west, east } = bounds;
  const rings = polygon.map((text) => text.trim().split(/\s+/).map(pointOf));
  const isReached = rings.some(
    (ring) =>
      places.some((place) => isInside(ring, place)) ||
      ring.some((corner, index) => goesThrough(ring.at(index - 1) ?? corner, corner, bounds)),
  );
  if (isReached) return true;
  return circle.some((text) => {
    const [centre = '', radius = '0'] = text.trim().split(/\s+/);
    const [latitude, longitude] = pointOf(centre);
    const edge: Point = [nearest(latitude, south, north), nearest(longitude, west, east)];
    return distanceKm([latitude, longitude], edge) <= Number(radius);
  });
}
