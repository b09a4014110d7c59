import type { PlanPoint } from '../places/plan-projection.ts';
import type { CorroborationLimits } from './policy.ts';

/** Something that a device said, as far as corroboration looks at it. */
export interface Observation {
  readonly device: string;
  readonly zone: string;
  readonly concern: string;
  readonly timeMs: number;
}

/** Where a device stands. Devices on two plans are never near: floors lie over each other. */
export interface DevicePlace {
  readonly plan: string;
  readonly at: PlanPoint;
}
type PlaceOf = (device: string) => DevicePlace | undefined;
/** Times of what each device said, ascending. */
type TimesByDevice = Map<string, number[]>;

/** The side of a cell of the index is the distance up to which devices corroborate. */
const cellOf = ({ at: [x, y] }: DevicePlace, sideM: number): [number, number] => [
  Math.floor(x / sideM),
  Math.floor(y / sideM),
];

/** Whether one of the ascending times lies within the window around `timeMs`. */
function isWithin(times: readonly number[], timeMs: number, windowMs: number): boolean {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < timeMs - windowMs) low = middle + 1;
    else high = middle;
  }
  const first = times[low];
  return first !== undefined && first <= timeMs + windowMs;
}

/**
 * Observations by concern and zone, and by concern and cell of a plan, so that who corroborates whom is
 * found among the devices around and not among all observations.
 */
export class Corroboration {
  readonly #placeOf: PlaceOf;
  readonly #limits: CorroborationLimits;
  readonly #byZone = new Map<string, TimesByDevice>();
  readonly #byCell = new Map<string, TimesByDevice>();

  constructor(observations: readonly Observation[], placeOf: PlaceOf, limits: CorroborationLimits) {
    this.#placeOf = placeOf;
    this.#limits = limits;
    const ascending = observations
      .filter(({ concern }) => concern !== 'none')
      .sort((a, b) => a.timeMs - b.timeMs);
    for (const observation of ascending) this.#add(observation);
  }

  #add({ device, zone, concern, timeMs }: Observation): void {
    const note = (index: Map<string, TimesByDevice>, key: string): void => {
      const devices = index.get(key) ?? new Map<string, number[]>();
      index.set(key, devices);
      const times = devices.get(device);
      if (times) times.push(timeMs);
      else devices.set(device, [timeMs]);
    };
    note(this.#byZone, `${concern} ${zone}`);
    const place = this.#placeOf(device);
    if (!place) return;
    const [x, y] = cellOf(place, this.#limits.nearM);
    note(this.#byCell, `${concern} ${place.plan} ${x} ${y}`);
  }

  /** How many other devices say the like at about the same time, in the same zone or nearby. */
  devicesFor({ device, zone, concern, timeMs }: Observation): number {
    if (concern === 'none') return 0;
    const { windowMs, nearM } = this.#limits;
    const found = new Set<string>();
    const look = (devices: TimesByDevice | undefined, isNear: (other: string) => boolean): void => {
      for (const [other, times] of devices ?? []) {
        if (other === device || found.has(other) || !isNear(other)) continue;
        if (isWithin(times, timeMs, windowMs)) found.add(other);
      }
    };
    look(this.#byZone.get(`${concern} ${zone}`), () => true);
    const here = this.#placeOf(device);
    if (!here) return found.size;
    const isNear = (other: string): boolean => {
      const there = this.#placeOf(other);
      if (there === undefined || there.plan !== here.plan) return false;
      return Math.hypot(here.at[0] - there.at[0], here.at[1] - there.at[1]) <= nearM;
    };
    const [x, y] = cellOf(here, nearM);
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1])
        look(this.#byCell.get(`${concern} ${here.plan} ${x + dx} ${y + dy}`), isNear);
    }
    return found.size;
  }
}
