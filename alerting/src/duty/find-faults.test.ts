import { expect, it } from 'vitest';
import type { DutyStretch } from './duty-between.ts';
import { findFaults, type Planned, type PlannedRota } from './find-faults.ts';
import { noCalendar } from './rota.ts';

const nowMs = Date.parse('2026-12-01T00:00:00Z');
const dayMs = 86_400_000;
const stretch = (fromDay: number, untilDay: number, person?: string): DutyStretch => ({
  ...{ fromMs: nowMs + fromDay * dayMs, untilMs: nowMs + untilDay * dayMs },
  onDuty: person === undefined ? undefined : { person, cause: { kind: 'rotation', layer: 0 } },
});
const rota = (id: string, stretches: readonly DutyStretch[], changed: Partial<PlannedRota> = {}) => ({
  ...{ id, coverage: 'always' as const, holidays: false, stretches },
  rota: { layers: [], calendar: noCalendar },
  ...changed,
});
const faults = (rotas: readonly PlannedRota[], changed: Partial<Planned> = {}) =>
  findFaults({ nowMs, rotas, people: new Set(['a', 'b']), reachable: undefined, ...changed }).map(
    ({ kind, rota: of, person, soon }) => [kind, of, person, soon],
  );

it('a hole is urgent within a day, found within fourteen, and not looked for beyond', () => {
  const stretches = [
    stretch(0, 0.5, 'a'),
    stretch(0.5, 1),
    stretch(1, 13, 'b'),
    stretch(13, 14),
    stretch(20, 21),
  ];
  expect(faults([rota('r', stretches)])).toEqual([
    ['gap', 'r', null, true],
    ['gap', 'r', null, false],
  ]);
});

it('a rota that does not promise somebody at every hour has no holes', () => {
  expect(faults([rota('r', [stretch(0, 1)], { coverage: 'planned' })])).toEqual([]);
});

it('two shifts of one person at once are found in two rotas; shifts that meet are not', () => {
  const one = rota('one', [stretch(0, 2, 'a'), stretch(2, 4, 'b')]);
  expect(faults([one, rota('other', [stretch(2, 4, 'a')])])).toEqual([]);
  expect(faults([one, rota('other', [stretch(0, 1, 'b'), stretch(1, 3, 'a')])])).toEqual([
    ['double_booked', 'one', 'a', false],
  ]);
});

it('who may not be on duty any more is gone, whoever has no channel unreachable: each person once', () => {
  const planned = [
    rota('r', [stretch(0, 1, 'c'), stretch(1, 2, 'b'), stretch(2, 3, 'c'), stretch(3, 4, 'b')]),
  ];
  expect(faults(planned)).toEqual([['gone', 'r', 'c', true]]);
  expect(faults(planned, { reachable: new Set(['a']) })).toEqual([
    ['gone', 'r', 'c', true],
    ['unreachable', 'r', 'b', false],
  ]);
});

it('a year without known holidays is said where the rota needs them', () => {
  const rotation = { since: '2026-01-01', unit: 'day' as const, every: 1, people: ['a'] };
  const layer = {
    name: 'day',
    days: { kind: 'working_days' as const },
    from: '08:00',
    to: '20:00',
    rotation,
  };
  const calendar = { ...noCalendar, knownYears: new Set([2026]) };
  const needs = rota('r', [stretch(0, 60, 'a')], { holidays: true, rota: { layers: [layer], calendar } });
  expect(faults([needs])).toEqual([['year_unknown', 'r', null, false]]);
  expect(faults([{ ...needs, holidays: false }])).toEqual([]);
});
