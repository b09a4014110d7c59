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

/**
 * Whether an area reaches a site: one of its places is inside, or a corner of the area or the middle of a
 * circle is among them. An area without polygon and circle, of which only a code or words are known, reaches
 * nothing.
 */
export function coversSite({ polygon, circle }: WarningArea, places: readonly Point[]): boolean {
  const [latitudes, longitudes] = [places.map(([one]) => one), places.map(([, one]) => one)];
  const isAmong = ([latitude, longitude]: Point) =>
    Math.min(...latitudes) <= latitude &&
    latitude <= Math.max(...latitudes) &&
    Math.min(...longitudes) <= longitude &&
    longitude <= Math.max(...longitudes);
  const rings = polygon.map((text) => text.trim().split(/\s+/).map(pointOf));
  if (rings.some((ring) => places.some((place) => isInside(ring, place)) || ring.some(isAmong))) return true;
  return circle.some((text) => {
    const [centre = '', radius = '0'] = text.trim().split(/\s+/);
    const middle = pointOf(centre);
    return isAmong(middle) || places.some((place) => distanceKm(place, middle) <= Number(radius));
  });
}
