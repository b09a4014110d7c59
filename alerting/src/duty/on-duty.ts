import { vacantTurn } from '@watchpost/contracts/api';
import { shiftOn } from './layer-shift.ts';
import type { OnDuty, Rota, Stint } from './rota.ts';
import { zoneClock } from './zone-clock.ts';

const dayMs = 86_400_000;

type Shifts = readonly (Stint | undefined)[];
/** By rota and day, because who asks once asks again; a rota is never changed, a new one is made. */
const knownShifts = new WeakMap<Rota, Map<number, Shifts>>();

/** The shifts that begin on a day, one for each layer that has any. */
export function shiftsOn(rota: Rota, day: number): Shifts {
  let days = knownShifts.get(rota);
  if (!days) {
    days = new Map();
    knownShifts.set(rota, days);
  }
  let shifts = days.get(day);
  if (!shifts) {
    const clock = zoneClock(rota.timeZone);
    shifts = rota.layers.map((layer) => shiftOn(layer, day, clock, rota.calendar));
    days.set(day, shifts);
  }
  return shifts;
}

const isIn = (stint: Pick<Stint, 'fromMs' | 'untilMs'>, instantMs: number): boolean =>
  stint.fromMs <= instantMs && instantMs < stint.untilMs;

/**
 * Who is on duty at an instant, and why; undefined: nobody. A temporary schedule counts before swaps, these
 * before overrides, these before the rotation. No clock, no input or output.
 * @param instantMs milliseconds of the Unix epoch
 */
export function onDuty(rota: Rota, instantMs: number): OnDuty | undefined {
  const { temporary, swaps, overrides } = rota;
  if (temporary.length > 0) {
    const schedule = temporary.findLast((one) => isIn(one, instantMs));
    if (schedule) {
      const shift = schedule.shifts.findLast((one) => isIn(one, instantMs));
      return shift && { person: shift.person, cause: { kind: 'temporary', id: schedule.id } };
    }
  }
  const swap = swaps.findLast((one) => isIn(one, instantMs));
  if (swap) return { person: swap.person, cause: { kind: 'swap', id: swap.id } };
  const override = overrides.findLast((one) => isIn(one, instantMs));
  if (override) return { person: override.person, cause: { kind: 'override', id: override.id } };
  return inRotation(rota, instantMs);
}

/** A shift lasts 24 h by the wall clock at most: it began on the day that this shows, or the one before. */
function inRotation(rota: Rota, instantMs: number): OnDuty | undefined {
  const day = Math.floor(zoneClock(rota.timeZone).wallOf(instantMs) / dayMs);
  const today = shiftsOn(rota, day);
  const yesterday = shiftsOn(rota, day - 1);
  for (let layer = 0; layer < rota.layers.length; layer++) {
    for (const shift of [yesterday[layer], today[layer]])
      if (shift && shift.person !== vacantTurn && isIn(shift, instantMs))
        return { person: shift.person, cause: { kind: 'rotation', layer } };
  }
  return undefined;
}

/** Whether a turn is nobody’s at an instant, because an account was deleted. */
export function isVacant(rota: Rota, instantMs: number): boolean {
  if (rota.layers.every(({ rotation }) => !rotation.people.includes(vacantTurn))) return false;
  if (rota.temporary.some((one) => isIn(one, instantMs))) return false;
  const day = Math.floor(zoneClock(rota.timeZone).wallOf(instantMs) / dayMs);
  return [...shiftsOn(rota, day - 1), ...shiftsOn(rota, day)].some(
    (shift) => shift?.person === vacantTurn && isIn(shift, instantMs),
  );
}
