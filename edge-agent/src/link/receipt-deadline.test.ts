import { expect, test } from 'vitest';
import { ReceiptDeadline } from './receipt-deadline.ts';

const waits = { withinMs: 1_000, atMostMs: 4_000 };
/** Ticks of 500 ms until it is overdue. */
const ticksUntilOver = (deadline: ReceiptDeadline): number => {
  for (let ticks = 1; ; ticks++) if (deadline.tick(500, true) !== undefined) return ticks;
};

test('events that nothing covers are overdue after the wait; each fruitless connection doubles it up to the limit', () => {
  const deadline = new ReceiptDeadline(waits);
  expect([1, 2, 3, 4].map(() => ticksUntilOver(deadline))).toEqual([2, 4, 8, 8]);
});

test('a receipt that covers something begins the first wait again', () => {
  const deadline = new ReceiptDeadline(waits);
  ticksUntilOver(deadline);
  deadline.tick(500, true);
  deadline.progressed();
  expect(ticksUntilOver(deadline)).toBe(2);
});

test('nothing is overdue while nothing waits, and a new connection waits anew', () => {
  const deadline = new ReceiptDeadline(waits);
  for (let tick = 0; tick < 100; tick++) expect(deadline.tick(500, false)).toBeUndefined();
  deadline.tick(500, true);
  deadline.disconnected();
  expect(ticksUntilOver(deadline)).toBe(2);
});
