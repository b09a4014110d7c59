import { isVacant, onDuty, shiftsOn } from './on-duty.ts';
import type { DutyCause, OnDuty, Rota, Stint } from './rota.ts';
import { zoneClock } from './zone-clock.ts';

const dayMs = 86_400_000;

/** A time without a change of who is on duty; `onDuty` undefined: nobody is. */
export interface DutyStretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly onDuty: OnDuty | undefined;
  /** Nobody is, because the account whose turn it was has gone. */
  readonly isVacant?: boolean;
}

const causeKey = (cause: DutyCause): string =>
  cause.kind === 'rotation' ? `rotation ${cause.layer}` : `${cause.kind} ${cause.id}`;
const isSame = (one: OnDuty | undefined, other: OnDuty | undefined): boolean =>
  one === undefined || other === undefined
    ? one === other
    : one.person === other.person && causeKey(one.cause) === causeKey(other.cause);

/** Every instant at which who is on duty may change, the ends of the time included. */
function cuts(rota: Rota, fromMs: number, untilMs: number): readonly number[] {
  const clock = zoneClock(rota.timeZone);
  const firstDay = Math.floor(clock.wallOf(fromMs) / dayMs) - 1;
  const lastDay = Math.floor(clock.wallOf(untilMs) / dayMs) + 1;
  const found = new Set([fromMs, untilMs]);
  const add = (stint: Pick<Stint, 'fromMs' | 'untilMs'>): void => {
    for (const ms of [stint.fromMs, stint.untilMs]) if (ms > fromMs && ms < untilMs) found.add(ms);
  };
  for (let day = firstDay; day <= lastDay; day++)
    for (const shift of shiftsOn(rota, day)) if (shift) add(shift);
  for (const stint of [...rota.overrides, ...rota.swaps]) add(stint);
  for (const schedule of rota.temporary) for (const stint of [schedule, ...schedule.shifts]) add(stint);
  return [...found].sort((one, other) => one - other);
}

/**
 * Who is on duty from one instant to another: stretches that follow each other without a hole, those in which
 * nobody is on duty included.
 */
export function dutyBetween(rota: Rota, fromMs: number, untilMs: number): readonly DutyStretch[] {
  const stretches: DutyStretch[] = [];
  const instants = cuts(rota, fromMs, untilMs);
  for (const [index, start] of instants.slice(0, -1).entries()) {
    const end = instants[index + 1] ?? untilMs;
    const now = onDuty(rota, start);
    const vacant = now === undefined && isVacant(rota, start) ? { isVacant: true } : {};
    const last = stretches.at(-1);
    if (last && isSame(last.onDuty, now) && last.isVacant === vacant.isVacant)
      stretches[stretches.length - 1] = { ...last, untilMs: end };
    else stretches.push({ fromMs: start, untilMs: end, onDuty: now, ...vacant });
  }
  return stretches;
}
