import type { SitePlan } from '@watchpost/contracts/site';

/** A position on the plan, metres: x east, y south. */
export type PlanPoint = readonly [number, number];
/** WGS 84: latitude, longitude in degrees. */
export type LatLng = readonly [number, number];

/**
 * Mean length of a degree of latitude, metres; over a site's few hundred metres the error stays under a
 * centimetre.
 */
const metresPerDegree = 111_320;

type Corner = SitePlan['northWest'];

const metresPerDegreeEast = (corner: Corner): number =>
  metresPerDegree * Math.cos((corner.latitude * Math.PI) / 180);

/** Equirectangular projection around the plan's north-west corner. */
export function toLatLng(corner: Corner, [x, y]: PlanPoint): LatLng {
  return [corner.latitude - y / metresPerDegree, corner.longitude + x / metresPerDegreeEast(corner)];
}

/** The position on the plan, metres; the inverse of {@link toLatLng}. */
export function toPlan(corner: Corner, [latitude, longitude]: LatLng): [number, number] {
  return [
    (longitude - corner.longitude) * metresPerDegreeEast(corner),
    (corner.latitude - latitude) * metresPerDegree,
  ];
}
