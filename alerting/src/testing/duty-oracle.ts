import type { DutyLayer } from '@watchpost/contracts/api';
import type { DutyCalendar, Rota, Stint } from '../duty/rota.ts';
import { monthEnds, triedMs } from './duty-rotas.ts';

const minuteMs = 60_000;
const dayMinutes = 1_440;
const first = triedMs.from / minuteMs;
const count = (triedMs.until - triedMs.from) / minuteMs;
/** Minutes after the tried ones that are read too, because what the clock shows later decides. */
const beyond = 2 * dayMinutes;

/** What the wall clock of a zone shows in every minute of the tried years, counted as if it were UTC. */
export interface MinuteTable {
  /**
   * By minute: a wall time has passed for good when this is not before it. It stands still before a time that
   * comes again.
   */
  readonly passed: Int32Array;
  /** Minutes of the Unix epoch in which the clock was changed. */
  readonly changes: readonly number[];
  /** Minutes that are tried, by the hour and around everything that is special. */
  readonly tried: Int32Array;
  /** Of them, those around a change of the clock. */
  readonly atChanges: Int32Array;
}

/** Read from the database of time zones by the way that calendars are shown, which the rotas do not use. */
export function minuteTable(timeZone: string): MinuteTable {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (minute: number): number => {
    const [, sign = '+', hours = '0', minutes = '0'] =
      /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(minute * minuteMs)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
  const wall = new Int32Array(count + beyond);
  const changes: number[] = [];
  let before = offsetAt(first);
  for (let hour = 0; hour < wall.length; hour += 60) {
    const isChanged = offsetAt(first + hour + 60) !== before;
    for (let minute = hour; minute < hour + 60; minute++) {
      const offset = isChanged ? offsetAt(first + minute) : before;
      if (offset !== before) changes.push(first + minute);
      before = offset;
      wall[minute] = first + minute + offset;
    }
  }
  return { passed: passedOf(wall), changes, ...probes(changes) };
}

function passedOf(wall: Int32Array): Int32Array {
  const passed = new Int32Array(count);
  let lowestLater = Number.POSITIVE_INFINITY;
  for (let minute = wall.length - 1; minute >= 0; minute--) {
    const shown = wall[minute] ?? 0;
    if (minute < count) passed[minute] = Math.min(shown, lowestLater - 1);
    lowestLater = Math.min(lowestLater, shown);
  }
  return passed;
}

function probes(changes: readonly number[]): Pick<MinuteTable, 'tried' | 'atChanges'> {
  const tried = new Set<number>();
  const add = (to: Set<number>, middle: number): void => {
    for (let minute = middle - dayMinutes; minute < middle + dayMinutes; minute++)
      if (minute >= first && minute < first + count) to.add(minute);
  };
  for (let minute = first; minute < first + count; minute += 60) tried.add(minute);
  for (const day of monthEnds()) add(tried, day * dayMinutes);
  const atChanges = new Set<number>();
  for (const change of changes) add(atChanges, change);
  for (const minute of atChanges) tried.add(minute);
  return { tried: Int32Array.from(tried), atChanges: Int32Array.from(atChanges) };
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Whose turn each day is, found by going through all days; -1: nobody’s. From the day before the first. */
function turnsOf(layer: DutyLayer, calendar: DutyCalendar, days: number, firstDay: number): Int32Array {
  const { since, unit, every, people } = layer.rotation;
  const turns = new Int32Array(days).fill(-1);
  let unitsDone = 0;
  let daysInUnit = 0;
  const date = new Date(`${since}T00:00:00Z`);
  const wanted = date.getUTCDate();
  for (let started = false; ; started = true) {
    const day = date.getTime() / 86_400_000;
    if (day >= firstDay + days) return turns;
    if (started) {
      daysInUnit++;
      const lastOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
      const isNext =
        unit === 'month'
          ? date.getUTCDate() === Math.min(wanted, lastOfMonth)
          : daysInUnit === (unit === 'week' ? 7 : 1);
      if (isNext) {
        unitsDone++;
        daysInUnit = 0;
      }
    }
    if (day >= firstDay && isTheirs(layer, date, calendar))
      turns[day - firstDay] = Math.floor(unitsDone / every) % people.length;
    date.setUTCDate(date.getUTCDate() + 1);
  }
}

function isTheirs({ days }: DutyLayer, date: Date, calendar: DutyCalendar): boolean {
  const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
  if (days.kind === 'weekdays') return days.weekdays.includes(weekday);
  const text = date.toISOString().slice(0, 10);
  const isWorked = calendar.workingDays.has(text) || (weekday < 6 && !calendar.holidays.has(text));
  return days.kind === 'working_days' ? isWorked : !isWorked;
}

/** What is known of a layer: by day whose turn, and its hours. */
interface LayerTable {
  readonly people: readonly string[];
  readonly turns: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** Who is on duty, found out minute by minute from a table of the clock: slow, and with nothing in common. */
export class DutyOracle {
  readonly #rota: Rota;
  readonly #passed: Int32Array;
  readonly #layers: readonly LayerTable[];
  readonly #firstDay = triedMs.from / 86_400_000 - 3;

  constructor(rota: Rota, { passed }: Pick<MinuteTable, 'passed'>) {
    this.#rota = rota;
    this.#passed = passed;
    const days = count / dayMinutes + 6;
    this.#layers = rota.layers.map((layer) => {
      const from = minutesOf(layer.from);
      const to = minutesOf(layer.to);
      return {
        ...{ people: layer.rotation.people, from, to: to > from ? to : to + dayMinutes },
        turns: turnsOf(layer, rota.calendar, days, this.#firstDay),
      };
    });
  }

  /** Who is on duty in a minute of the Unix epoch. */
  at(minute: number): string | undefined {
    const ms = minute * minuteMs;
    const { temporary, swaps, overrides } = this.#rota;
    for (let index = temporary.length - 1; index >= 0; index--) {
      const schedule = temporary[index];
      if (schedule && ms >= schedule.fromMs && ms < schedule.untilMs) return lastAt(schedule.shifts, ms);
    }
    return lastAt(swaps, ms) ?? lastAt(overrides, ms) ?? this.#inLayers(minute);
  }

  #inLayers(minute: number): string | undefined {
    for (const layer of this.#layers) {
      const owner = this.#ownerIn(layer, minute);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }

  #ownerIn({ people, turns, from, to }: LayerTable, minute: number): string | undefined {
    const wall = this.#passed[minute - first] ?? 0;
    const today = Math.floor(wall / dayMinutes);
    for (let day = today - 1; day <= today; day++) {
      const turn = turns[day - this.#firstDay] ?? -1;
      const sinceMidnight = wall - day * dayMinutes;
      if (turn >= 0 && sinceMidnight >= from && sinceMidnight < to) return people[turn];
    }
    return undefined;
  }
}

function lastAt(stints: readonly Stint[], ms: number): string | undefined {
  for (let index = stints.length - 1; index >= 0; index--) {
    const stint = stints[index];
    if (stint && ms >= stint.fromMs && ms < stint.untilMs) return stint.person;
  }
  return undefined;
}
