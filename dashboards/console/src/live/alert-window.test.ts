import type { Alert } from '@watchpost/contracts/alert';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { compareUrgency } from './alert-order.ts';
import { type AlertWindow, appendPage, cutWindow, emptyWindow, putAlert } from './alert-window.ts';

const scored = (id: string, score: number, version = 1) =>
  testAlert({ id, version, risk: { score, factors: [], ruleSet: '1' } });
const all: AlertWindow = { ...emptyWindow, next: null };
const put = (window: AlertWindow, alert: Alert, belongs = true) =>
  putAlert(window, alert, belongs, compareUrgency);
const ids = (window: AlertWindow) => window.rows.map(({ id }) => id);

describe('alert window', () => {
  it('holds the newest version of each alert in order, in whatever order and however often they come', () => {
    const versions = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        version: fc.integer({ min: 1, max: 9 }),
        score: fc.integer({ min: 0, max: 100 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(versions, (arrivals) => {
        const alerts = arrivals.map(({ id, version, score }) => scored(id, score, version));
        const window = alerts.reduce((sofar, alert) => put(sofar, alert), all);
        const newest = new Map<string, Alert>();
        for (const alert of alerts) {
          const known = newest.get(alert.id);
          if (!known || alert.version > known.version) newest.set(alert.id, alert);
        }
        expect(window.rows).toEqual([...newest.values()].sort(compareUrgency));
      }),
    );
  });

  it('is the same object when nothing newer came', () => {
    const window = put(all, scored('a', 50, 2));
    expect(put(window, scored('a', 60, 2))).toBe(window);
    expect(put(window, scored('x', 1), false)).toBe(window);
  });

  it('leaves to the server what lies beyond its end, and lets go what sinks there', () => {
    const part: AlertWindow = { rows: [scored('a', 90), scored('b', 70)], next: 'more' };
    expect(ids(put(part, scored('c', 60)))).toEqual(['a', 'b']);
    expect(ids(put(part, scored('c', 80)))).toEqual(['a', 'c', 'b']);
    expect(ids(put(part, scored('a', 10, 2)))).toEqual(['b']);
    expect(ids(put(part, scored('a', 90, 2), false))).toEqual(['b']);
  });

  it('takes a page only once into its end, and must ask again after it was cut', () => {
    const part: AlertWindow = { rows: [scored('a', 90), scored('b', 70)], next: 'more' };
    const longer = appendPage(part, [scored('b', 70), scored('c', 60)], null);
    expect([ids(longer), longer.next]).toEqual([['a', 'b', 'c'], null]);
    expect(cutWindow(longer, 3)).toBe(longer);
    expect(cutWindow(longer, 2)).toMatchObject({ next: undefined });
  });
});
