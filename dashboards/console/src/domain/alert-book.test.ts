import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { alertsOf, emptyBook, isNews, mergeAlert, reloadBook } from './alert-book.ts';

const version = (id: string, number: number) => testAlert({ id, version: number });
const versions = fc.array(
  fc.record({ id: fc.constantFrom('a', 'b', 'c'), version: fc.integer({ min: 1, max: 9 }) }),
  { maxLength: 30 },
);

describe('alert book', () => {
  it('ends with the newest version of each alert, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(versions, (arrivals) => {
        const book = arrivals
          .map(({ id, version: number }) => version(id, number))
          .reduce(mergeAlert, emptyBook);
        const newest = new Map<string, number>();
        for (const { id, version: number } of arrivals) newest.set(id, Math.max(number, newest.get(id) ?? 0));
        expect(new Map(alertsOf(book).map((alert) => [alert.id as string, alert.version]))).toEqual(newest);
      }),
    );
  });

  it('is the same object when nothing newer came', () => {
    const book = mergeAlert(emptyBook, version('a', 2));
    expect(mergeAlert(book, version('a', 2))).toBe(book);
    expect(mergeAlert(book, version('a', 1))).toBe(book);
  });

  it('forgets on reload what was closed while it was away', () => {
    const book = mergeAlert(emptyBook, version('a', 1));
    expect(alertsOf(reloadBook(book, [version('b', 1)], book.mark)).map((alert) => alert.id)).toEqual(['b']);
  });

  it('keeps on reload what the stream brought while the list was on its way', () => {
    const before = mergeAlert(emptyBook, version('a', 1));
    const meanwhile = mergeAlert(mergeAlert(before, version('b', 1)), version('a', 3));
    const after = reloadBook(meanwhile, [version('a', 2)], before.mark);
    expect(alertsOf(after).map(({ id, version: number }) => [id, number])).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
  });

  it('forgets nothing when the list was cut off at its page limit', () => {
    const book = mergeAlert(emptyBook, version('a', 1));
    expect(alertsOf(reloadBook(book, [version('b', 1)], book.mark, false))).toHaveLength(2);
  });

  it('calls news what opens, opens again, or changes its severity while open', () => {
    const open = testAlert();
    const book = mergeAlert(emptyBook, open);
    expect(isNews(emptyBook, open)).toBe(true);
    expect(isNews(book, testAlert({ version: 2, eventCount: 2 }))).toBe(false);
    expect(isNews(book, testAlert({ version: 2, severity: 'critical' }))).toBe(true);
    expect(isNews(book, testAlert({ version: 2, state: 'acknowledged' }))).toBe(false);
    const taken = mergeAlert(book, testAlert({ version: 2, state: 'acknowledged' }));
    expect(isNews(taken, testAlert({ version: 3 }))).toBe(true);
  });
});
