import type { DutyLayer, DutyRotation } from '@watchpost/contracts/api';
import { Temporal } from 'temporal-polyfill';
import { dateOf, dayNumber, isOn } from './calendar-day.ts';
import type { DutyCalendar, Stint } from './rota.ts';
import type { ZoneClock } from './zone-clock.ts';

const dayMs = 86_400_000;

function clockMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** Whole months between two days; one that has no such day ends with its last. */
function monthsBetween(since: string, date: string): number {
  const first = Temporal.PlainDate.from(since);
  const last = Temporal.PlainDate.from(date);
  const months = (last.year - first.year) * 12 + last.month - first.month;
  return Temporal.PlainDate.compare(first.add({ months }), last) > 0 ? months - 1 : months;
}

/** Whose turn it is on a day from `since` on. */
function turnOn({ since, unit, every, people }: DutyRotation, day: number): string | undefined {
  const days = day - dayNumber(since);
  const units =
    unit === 'day' ? days : unit === 'week' ? Math.floor(days / 7) : monthsBetween(since, dateOf(day));
  return people[Math.floor(units / every) % people.length];
}

/**
 * The shift of a layer that begins on a day, if it has one. It may be empty: where the clock skips all of it.
 */
export function shiftOn(
  layer: DutyLayer,
  day: number,
  clock: ZoneClock,
  calendar: DutyCalendar,
): Stint | undefined {
  if (day < dayNumber(layer.rotation.since) || !isOn(layer.days, day, calendar)) return undefined;
  const person = turnOn(layer.rotation, day);
  if (person === undefined) return undefined;
  const from = clockMs(layer.from);
  const to = clockMs(layer.to);
  return {
    fromMs: clock.instantOf(day * dayMs + from),
    untilMs: clock.instantOf((to > from ? day : day + 1) * dayMs + to),
    person,
  };
}
