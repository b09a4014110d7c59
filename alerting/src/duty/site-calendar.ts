import { findCalendar, type StoredCalendar } from '../store/duty-store.ts';
import type { Queryable } from '../store/schema.ts';
import { chineseHolidays } from './holidays/chinese-holidays.ts';
import { type DutyCalendar, noCalendar } from './rota.ts';

/** What a site says of holidays: years of its own table take the place of what is known of them otherwise. */
export async function calendarOf({ base, years }: StoredCalendar): Promise<DutyCalendar> {
  const known = base === 'china' ? await chineseHolidays() : noCalendar;
  if (years.length === 0) return known;
  const own = new Set(years.map(({ year }) => String(year)));
  const others = (days: ReadonlySet<string>) => [...days].filter((day) => !own.has(day.slice(0, 4)));
  return {
    holidays: new Set([...others(known.holidays), ...years.flatMap(({ holidays }) => holidays)]),
    workingDays: new Set([...others(known.workingDays), ...years.flatMap(({ workingDays }) => workingDays)]),
    knownYears: new Set([...known.knownYears, ...years.map(({ year }) => year)]),
  };
}

/** The holidays of a site. */
export const siteCalendar = async (db: Queryable, site: string): Promise<DutyCalendar> =>
  calendarOf(await findCalendar(db, site));
