import type { UnitState } from '@watchpost/contracts/api';

/** WGS 84, degrees. */
export interface EarthPoint {
  readonly latitude: number;
  readonly longitude: number;
}

/** Mean radius of the earth (IUGG R1), metres. */
const earthRadiusM = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Distance along the surface by the haversine formula, metres; within 0.6 % of the ellipsoid. */
export function distanceM(one: EarthPoint, other: EarthPoint): number {
  const dLatitude = radians(other.latitude - one.latitude);
  const dLongitude = radians(other.longitude - one.longitude);
  const a =
    Math.sin(dLatitude / 2) ** 2 +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * Math.sin(dLongitude / 2) ** 2;
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** Where somebody of a unit was last. */
export interface LastPosition extends EarthPoint {
  readonly accuracyM: number;
  readonly atMs: number;
}

/** A unit that may be proposed. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly state: UnitState;
  /** Of those of its members who are on duty and agree to it. */
  readonly positions: readonly LastPosition[];
}

/** A unit with how far it was. */
export interface Ranked extends Candidate {
  readonly nearest: { readonly distanceM: number; readonly position: LastPosition } | undefined;
}

const rank: Readonly<Record<UnitState, number>> = { available: 0, busy: 1, off_duty: 2 };

/**
 * Units in the order in which they are proposed: who is available first, then by distance, those without a
 * position last, then by name. Positions that are older than `usedForMs` count for nothing. `place` is
 * missing where it is not known where the alert is.
 */
export function rankUnits(
  candidates: readonly Candidate[],
  place: EarthPoint | undefined,
  { nowMs, usedForMs }: { readonly nowMs: number; readonly usedForMs: number },
): Ranked[] {
  const ranked = candidates.map((candidate): Ranked => {
    const [nearest] = candidate.positions
      .filter(({ atMs }) => nowMs - atMs <= usedForMs)
      .flatMap((position) => (place ? [{ position, distanceM: distanceM(position, place) }] : []))
      .sort((one, other) => one.distanceM - other.distanceM);
    return { ...candidate, nearest };
  });
  const far = ({ nearest }: Ranked) => nearest?.distanceM ?? Number.POSITIVE_INFINITY;
  return ranked.sort((one, other) => {
    const byState = rank[one.state] - rank[other.state];
    if (byState !== 0) return byState;
    if (far(one) !== far(other)) return far(one) - far(other);
    return one.name < other.name ? -1 : 1;
  });
}
