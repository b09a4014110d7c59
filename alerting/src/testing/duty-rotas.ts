import type { DutyDays, DutyLayer } from '@watchpost/contracts/api';
import { dateOf, dayNumber, weekdayOf } from '../duty/calendar-day.ts';
import type { DutyCalendar, NamedStint, Rota, Stint, TemporarySchedule } from '../duty/rota.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Years that rotas are tried in: from the first of January, UTC, to that of ten years later. */
export const triedMs = { from: Date.UTC(2024, 0), until: Date.UTC(2034, 0) } as const;

/** Zones whose clocks are changed by an hour, by half an hour, for Ramadan, and never. */
export const triedZones = [
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Shanghai',
] as const;

/** Numbers that follow from a seed: 0 ≤ n < 1 (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a rota is made of. */
class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = numbersFrom(seed);
  }

  /** From 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  one<T>(of: readonly [T, ...T[]]): T {
    return of[this.below(of.length)] ?? of[0];
  }

  isLess(than: number): boolean {
    return this.#next() < than;
  }
}

const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Around the hours at which clocks are changed more often than not. */
function someTime(chance: Chance): string {
  if (chance.isLess(0.5))
    return chance.one(['00:00', '00:30', '01:30', '01:59', '02:00', '02:15', '02:30', '02:59', '03:00']);
  return chance.isLess(0.5)
    ? chance.one(['06:00', '08:00', '20:00', '23:59'])
    : clockText(chance.below(1440));
}

const somePerson = (chance: Chance): string => `person-${chance.below(6)}`;

function rotation(chance: Chance, sinceAtMost: number): DutyLayer['rotation'] {
  const since = dayNumber('2023-01-01') + chance.below(sinceAtMost);
  return {
    // The last days of a month are those that others do not have.
    since: chance.isLess(0.3) ? chance.one(['2023-01-31', '2023-08-31', '2023-12-30']) : dateOf(since),
    unit: chance.one(['day', 'week', 'week', 'month']),
    every: 1 + chance.below(4),
    people: Array.from({ length: 1 + chance.below(5) }, () => somePerson(chance)),
  };
}

function someDays(chance: Chance): DutyDays {
  if (chance.isLess(0.4)) return { kind: chance.one(['working_days', 'days_off']) };
  const weekdays = [1, 2, 3, 4, 5, 6, 7].filter(() => chance.isLess(0.6));
  return { kind: 'weekdays', weekdays: weekdays.length === 0 ? [1 + chance.below(7)] : weekdays };
}

const everyDay: DutyDays = { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] };

/** Layers that divide every day among them: each minute has one owner, by whatever the clock does. */
function dividing(chance: Chance): readonly DutyLayer[] {
  const times = [...new Set(Array.from({ length: 1 + chance.below(3) }, () => someTime(chance)))].sort();
  // All hand over at the same hours, or a day off would end before the working day after it begins.
  const kinds: readonly DutyDays[] = chance.isLess(0.5)
    ? [everyDay]
    : [{ kind: 'working_days' }, { kind: 'days_off' }];
  return times.flatMap((from, index) =>
    kinds.map((days) => ({
      ...{ name: `shift ${from}`, days, from, to: times[(index + 1) % times.length] ?? from },
      rotation: rotation(chance, 300),
    })),
  );
}

/** Layers that leave holes and lie over each other. */
const lying = (chance: Chance): readonly DutyLayer[] =>
  Array.from({ length: 1 + chance.below(4) }, (_, index) => ({
    ...{ name: `layer ${index}`, days: someDays(chance), from: someTime(chance), to: someTime(chance) },
    rotation: rotation(chance, 700),
  }));

function calendar(chance: Chance): DutyCalendar {
  const holidays = new Set<string>();
  const workingDays = new Set<string>();
  const knownYears = new Set<number>();
  for (let year = 2023; year < 2035; year++) {
    if (chance.isLess(0.3)) continue;
    knownYears.add(year);
    for (let n = 0; n < 12; n++) {
      const day = dayNumber(`${year}-01-01`) + chance.below(365);
      if (weekdayOf(day) <= 5 || chance.isLess(0.5)) holidays.add(dateOf(day));
      else workingDays.add(dateOf(day));
    }
  }
  return { holidays, workingDays, knownYears };
}

/** @param around minutes of the Unix epoch near which something happens to the clock or the calendar */
function someStint(chance: Chance, around: readonly number[], longestMinutes: number): Stint {
  const near = around[chance.below(around.length)] ?? 0;
  const start = chance.isLess(0.6)
    ? near - 240 + chance.below(480)
    : triedMs.from / minuteMs + chance.below((triedMs.until - triedMs.from) / minuteMs);
  const fromMs = start * minuteMs;
  return {
    fromMs,
    untilMs: fromMs + (1 + chance.below(longestMinutes)) * minuteMs,
    person: somePerson(chance),
  };
}

function someStints(chance: Chance, around: readonly number[], name: string): readonly NamedStint[] {
  return Array.from({ length: chance.below(12) }, (_, n) => ({
    ...someStint(chance, around, 6_000),
    id: `${name}-${n}`,
  }));
}

function someSchedules(chance: Chance, around: readonly number[]): readonly TemporarySchedule[] {
  return Array.from({ length: chance.below(4) }, (_, n) => {
    const { fromMs, untilMs } = someStint(chance, around, 20_000);
    const length = (untilMs - fromMs) / minuteMs;
    const shifts = Array.from({ length: chance.below(6) }, () => {
      const start = fromMs + chance.below(length) * minuteMs;
      return {
        fromMs: start,
        untilMs: start + (1 + chance.below(3_000)) * minuteMs,
        person: somePerson(chance),
      };
    });
    return { id: `temporary-${n}`, fromMs, untilMs, shifts };
  });
}

/** A rota, and whether its layers divide the time among them. */
export interface TriedRota {
  readonly rota: Rota;
  readonly divides: boolean;
}

/** The rota of a seed; the same for the same seed. */
export function rotaOf(seed: number, timeZone: string, around: readonly number[]): TriedRota {
  const chance = new Chance(seed);
  const divides = chance.isLess(0.5);
  // Handing over on other days at other hours, a working day and a day off would leave a hole between them.
  const rota: Rota = {
    timeZone,
    layers: divides ? dividing(chance) : lying(chance),
    calendar: calendar(chance),
    overrides: someStints(chance, around, 'override'),
    swaps: someStints(chance, around, 'swap'),
    temporary: someSchedules(chance, around),
  };
  return { rota, divides };
}

/** Days of the tried years on which a month or a year ends, leap days, as numbers of days. */
export function monthEnds(): readonly number[] {
  const days: number[] = [];
  for (let day = triedMs.from / dayMs; day < triedMs.until / dayMs; day++)
    if (dateOf(day).endsWith('-02-29') || dateOf(day).endsWith('-01')) days.push(day);
  return days;
}
