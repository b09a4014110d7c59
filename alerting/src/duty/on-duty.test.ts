import type { DutyLayer } from '@watchpost/contracts/api';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { dutyBetween } from './duty-between.ts';
import { onDuty } from './on-duty.ts';
import { noCalendar, type Rota } from './rota.ts';
import { ZoneClock } from './zone-clock.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
type Layer = Partial<Omit<DutyLayer, 'rotation'>> & Partial<DutyLayer['rotation']>;
/** Weeks that begin on Mondays, 24 h a day, unless something else is given. */
const layer = ({
  since = '2026-01-05',
  unit = 'week',
  every = 1,
  people = [],
  ...rest
}: Layer): DutyLayer => ({
  ...{ name: 'duty', days: { kind: 'weekdays', weekdays: everyDay }, from: '08:00', to: '08:00' },
  ...{ rotation: { since, unit, every, people }, ...rest },
});
const rota = (changed: Partial<Rota>): Rota => ({
  ...{ timeZone: 'Europe/Berlin', layers: [layer({ people: ['anna', 'ben'] })], calendar: noCalendar },
  ...{ overrides: [], swaps: [], temporary: [] },
  ...changed,
});
const ms = (text: string): number => Date.parse(text);
const who = (of: Rota, at: string): string | undefined => onDuty(of, ms(at))?.person;
const stint = (person: string, from: string, until: string) => ({
  ...{ id: `${person}’s`, person, fromMs: ms(from), untilMs: ms(until) },
});

describe('who is on duty', () => {
  it('hands over by the wall clock, in summer and in winter', () => {
    // The second Monday, 08:00 in Berlin.
    expect(who(rota({}), '2026-01-12T06:59:59Z')).toBe('anna');
    expect(who(rota({}), '2026-01-12T07:00:00Z')).toBe('ben');
    expect(who(rota({}), '2026-07-06T05:59:59Z')).toBe('ben');
    expect(who(rota({}), '2026-07-06T06:00:00Z')).toBe('anna');
  });

  it('nobody is before the first turn', () => {
    expect(onDuty(rota({}), ms('2026-01-05T06:59:59Z'))).toBeUndefined();
    expect(who(rota({}), '2026-01-05T07:00:00Z')).toBe('anna');
  });

  it('a temporary schedule counts before a swap, this before an override, this before the rotation', () => {
    const day = ['2026-02-03T00:00Z', '2026-02-04T00:00Z'] as const;
    const overrides = [stint('olga', ...day)];
    const swaps = [stint('sam', ...day)];
    const temporary = [
      {
        ...{ id: 'fair', fromMs: ms(day[0]), untilMs: ms(day[1]) },
        shifts: [stint('tom', '2026-02-03T10:00Z', '2026-02-03T12:00Z')],
      },
    ];
    const noon = '2026-02-03T11:00Z';
    expect(onDuty(rota({}), ms(noon))).toEqual({ person: 'anna', cause: { kind: 'rotation', layer: 0 } });
    expect(who(rota({ overrides }), noon)).toBe('olga');
    expect(who(rota({ overrides, swaps }), noon)).toBe('sam');
    expect(who(rota({ overrides, swaps, temporary }), noon)).toBe('tom');
    // What the schedule leaves open is nobody’s: it takes the place of everything else.
    expect(onDuty(rota({ overrides, swaps, temporary }), ms('2026-02-03T13:00Z'))).toBeUndefined();
    expect(who(rota({ overrides, swaps, temporary }), '2026-02-04T00:00Z')).toBe('anna');
  });

  it('the first layer that has somebody counts', () => {
    const weekend = { kind: 'weekdays' as const, weekdays: [6, 7] };
    const layers = [layer({ days: weekend, people: ['wei'] }), layer({ people: ['anna'] })];
    expect(who(rota({ layers }), '2026-02-07T06:59Z')).toBe('anna');
    expect(who(rota({ layers }), '2026-02-07T07:00Z')).toBe('wei');
    expect(who(rota({ layers }), '2026-02-09T06:59Z')).toBe('wei');
    expect(who(rota({ layers }), '2026-02-09T07:00Z')).toBe('anna');
  });

  it('a holiday is a day off, and the Sunday that makes up for it a working day', () => {
    const layers = [
      layer({ days: { kind: 'working_days' }, people: ['wang'] }),
      layer({ days: { kind: 'days_off' }, people: ['li'] }),
    ];
    const calendar = {
      ...{ holidays: new Set(['2026-10-01']), workingDays: new Set(['2026-09-20']) },
      knownYears: new Set([2026]),
    };
    const of = (known: boolean) =>
      rota({ timeZone: 'Asia/Shanghai', layers, ...(known ? { calendar } : {}) });
    expect([who(of(true), '2026-10-01T04:00Z'), who(of(false), '2026-10-01T04:00Z')]).toEqual(['li', 'wang']);
    expect([who(of(true), '2026-09-20T04:00Z'), who(of(false), '2026-09-20T04:00Z')]).toEqual(['wang', 'li']);
  });

  it('months that are too short begin a turn on their last day', () => {
    const of = rota({ layers: [layer({ since: '2026-01-31', unit: 'month', people: ['a', 'b', 'c'] })] });
    expect(['2026-02-28T06:59Z', '2026-02-28T07:00Z', '2026-03-31T06:00Z'].map((at) => who(of, at))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

describe('the wall clock', () => {
  it('a shift at a time that is skipped begins with the first instant after it', () => {
    const layers = [layer({ since: '2026-03-22', from: '02:30', to: '02:30', people: ['anna', 'ben'] })];
    const of = rota({ layers });
    expect(who(of, '2026-03-29T00:59:59Z')).toBe('anna');
    expect(who(of, '2026-03-29T01:00:00Z')).toBe('ben');
  });

  it('a shift until a time that comes twice ends with the last', () => {
    const layers = [layer({ since: '2026-10-18', from: '02:30', to: '02:30', people: ['anna', 'ben'] })];
    const of = rota({ layers });
    expect(who(of, '2026-10-25T00:30:00Z')).toBe('anna');
    expect(who(of, '2026-10-25T01:29:59Z')).toBe('anna');
    expect(who(of, '2026-10-25T01:30:00Z')).toBe('ben');
  });

  it.each(['Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Africa/Cairo', 'Pacific/Apia'])(
    'agrees with Temporal in %s wherever a time is there once, and shows what Temporal shows',
    (timeZone) => {
      const clock = new ZoneClock(timeZone);
      const first = Temporal.PlainDateTime.from('2011-12-25T00:00');
      for (let n = 0; n < 5_000; n++) {
        const plain = first.add({ minutes: n * 1_537 });
        const wallMs = Date.parse(`${plain.toString({ smallestUnit: 'second' })}Z`);
        const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
          plain.toZonedDateTime(timeZone, { disambiguation }),
        );
        const found = clock.instantOf(wallMs);
        if (earlier?.toPlainDateTime().equals(plain)) expect(found).toBe(later?.epochMilliseconds);
        else expect(found).toBe(earlier?.getTimeZoneTransition('next')?.epochMilliseconds);
        const shown = Temporal.Instant.fromEpochMilliseconds(found).toZonedDateTimeISO(timeZone);
        expect(new Date(clock.wallOf(found)).toISOString().slice(0, 16)).toBe(
          shown.toPlainDateTime().toString({ smallestUnit: 'minute' }),
        );
      }
    },
  );
});

it('stretches say when somebody is on duty, and when nobody is', () => {
  const temporary = [
    {
      ...{ id: 'fair', fromMs: ms('2026-02-03T09:00Z'), untilMs: ms('2026-02-03T12:00Z') },
      shifts: [stint('tom', '2026-02-03T10:00Z', '2026-02-03T12:00Z')],
    },
  ];
  const stretches = dutyBetween(rota({ temporary }), ms('2026-02-03T08:00Z'), ms('2026-02-09T08:00Z'));
  expect(
    stretches.map(({ fromMs, onDuty: one }) => [new Date(fromMs).toISOString().slice(0, 16), one?.person]),
  ).toEqual([
    ['2026-02-03T08:00', 'anna'],
    ['2026-02-03T09:00', undefined],
    ['2026-02-03T10:00', 'tom'],
    ['2026-02-03T12:00', 'anna'],
    ['2026-02-09T07:00', 'ben'],
  ]);
});
