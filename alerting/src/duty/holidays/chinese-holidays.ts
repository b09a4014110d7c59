import { z } from 'zod';
import type { DutyCalendar } from '../rota.ts';

/** Of each day what it is called, in English and Chinese; who reads it needs the day only. */
const daysSchema = z.record(z.iso.date(), z.string());
const fileSchema = z.object({ holidays: daysSchema, workdays: daysSchema });

let known: Promise<DutyCalendar> | undefined;

/**
 * Days off in China and the days that make up for them (调休), as the State Council has announced them. It
 * does so each autumn for the year after: later years are unknown until then. Read once, when somebody asks.
 */
export function chineseHolidays(): Promise<DutyCalendar> {
  known ??= read();
  return known;
}

async function read(): Promise<DutyCalendar> {
  const { default: file } = await import('chinese-days/dist/chinese-days.json', { with: { type: 'json' } });
  const { holidays, workdays } = fileSchema.parse(file);
  const days = Object.keys(holidays);
  return {
    holidays: new Set(days),
    workingDays: new Set(Object.keys(workdays)),
    // By National Day: the first days of a year may be announced with the year before.
    knownYears: new Set(days.filter((day) => day.endsWith('-10-01')).map((day) => Number(day.slice(0, 4)))),
  };
}
