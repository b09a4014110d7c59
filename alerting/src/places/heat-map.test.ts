import { heatMapSchema } from '@watchpost/contracts/api';
import type { WatchpostEvent } from '@watchpost/contracts/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subjectOf } from '../alerts/alert-subject.ts';
import { candidate, forgedPass, smokeAlarm, testEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import { drawHeatMap } from './heat-map.ts';
import { incidentCell, incidentKind } from './incident.ts';
import { addIncident, cellAt, expectedPerDay, smooth, weightAt } from './place-risk.ts';
import { cellOn, planCell } from './plan-cell.ts';
import { toLatLng, toPlan } from './plan-projection.ts';
import { placePolicy } from './policy.ts';

const day = 86_400_000;
const { plan } = testSite;
const corner = plan.northWest;

test('nothing that was recognised about a person feeds the map', () => {
  const feeding = (event: WatchpostEvent) => incidentKind(event.type, subjectOf(event).details);
  expect(feeding(testEvent(smokeAlarm()))).toBe('sensor.smoke');
  for (const event of [
    testEvent(candidate('watch')),
    testEvent(candidate('access')),
    testEvent(forgedPass()),
  ]) {
    expect(feeding(event)).toBeUndefined();
  }
});

test('the plan and the earth agree both ways, to a millimetre', () => {
  const metres = fc.double({ min: 0, max: 1000, noNaN: true });
  fc.assert(
    fc.property(metres, metres, (x, y) => {
      const [backX, backY] = toPlan(corner, toLatLng(corner, [x, y]));
      expect(Math.hypot(backX - x, backY - y)).toBeLessThan(1e-3);
    }),
  );
});

test('a weight halves in a year, and the order in which incidents are told makes no difference', () => {
  expect(weightAt({ weight: 8, atMs: 0 }, placePolicy.halfLifeDays * day)).toBeCloseTo(4, 12);
  const times = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(times, (days) => {
      const end = 2000 * day;
      const state = days.reduce<ReturnType<typeof addIncident> | undefined>(
        (sofar, at) => addIncident(sofar, at * day),
        undefined,
      );
      const direct = days.reduce((sum, at) => sum + 2 ** (-(2000 - at) / placePolicy.halfLifeDays), 0);
      expect(weightAt(state!, end)).toBeCloseTo(direct, 9);
    }),
  );
});

test('smoothing spreads weight and keeps its sum', () => {
  const cell = cellAt(toLatLng(corner, [30, 20]));
  const smoothed = smooth(new Map([[cell, 10]]));
  expect(smoothed.get(cell)).toBeCloseTo(5, 12);
  expect([...smoothed.values()].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(10, 9);
  expect(smoothed.size).toBe(19);
});

test('the expectation of a steady place is its rate, however long it was watched', () => {
  for (const days of [10, 365, 3650]) {
    let state = addIncident(undefined, 0);
    for (let at = 1; at < days * 2; at++) state = addIncident(state, (at * day) / 2);
    expect(expectedPerDay(weightAt(state, days * day), days)).toBeCloseTo(2, 1);
  }
});

test('the map is drawn on the plan: hexagons of some metres, the hottest at the device', () => {
  const now = Date.parse('2026-11-01T00:00:00Z');
  const smoke = testEvent(smokeAlarm());
  const cell = cellOn(testSite, plan.id, incidentCell(smoke, [45, 20], plan)) ?? '';
  const map = heatMapSchema.parse(
    drawHeatMap([{ cell, weight: 3, atMs: now, firstMs: now - day }], plan, now),
  );
  const hottest = map.cells.find(({ intensity }) => intensity === 1)!;
  expect(hottest.cell).toBe(cell);
  const xs = hottest.outline.map(([x]) => x);
  expect(Math.min(...xs)).toBeLessThan(45);
  expect(Math.max(...xs)).toBeGreaterThan(45);
  expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(4);
  expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(12);
});

test('a report counts where it says, and what is off the plan is not drawn', () => {
  const [latitude, longitude] = toLatLng(corner, [5, 5]);
  const report = testEvent({
    type: 'watchpost.report.received.v1',
    data: { category: 'theft', text: '', latitude, longitude },
  });
  expect(incidentCell(report, [45, 20], plan)).toBe(planCell(plan.id, cellAt([latitude, longitude])));
  const away = cellAt(toLatLng(corner, [5000, 5000]));
  expect(drawHeatMap([{ cell: away, weight: 3, atMs: 0, firstMs: 0 }], plan, 0).cells).toEqual([]);
});

test('an empty map is a map', () => {
  expect(heatMapSchema.parse(drawHeatMap([], plan, 0)).cells).toEqual([]);
});

test('what was on one floor is not on the one above, and what was stored before there were floors is on the first', () => {
  const first = { ...plan, id: 'ground' as typeof plan.id };
  const above = { ...plan, id: 'above' as typeof plan.id };
  const floors = { plan: first, otherPlans: [above] };
  const smoke = testEvent(smokeAlarm());
  const stored = [first, above].map((one) => incidentCell(smoke, [45, 20], one));
  expect(new Set(stored).size).toBe(2);
  const cell = cellAt(toLatLng(corner, [45, 20]));
  const seen = (site: typeof floors | { plan: typeof first }, on: string) =>
    [...stored, cell].map((one) => cellOn(site, on, one) === cell);
  expect(seen(floors, 'ground')).toEqual([true, false, true]);
  expect(seen(floors, 'above')).toEqual([false, true, false]);
  // Its only plan was given another id: it is the same place.
  expect(seen({ plan: { ...first, id: 'renamed' as typeof plan.id } }, 'renamed')).toEqual([
    true,
    true,
    true,
  ]);
});
