import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { steady } from './steady.ts';

const quick = { everyMs: 100, atOnce: 1 };
const slow = { everyMs: 500, atOnce: 1 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first is done at once, what follows within the time together, and never more often', () => {
  const act = vi.fn();
  const draw = steady(quick, act, Date.now);
  draw.soon();
  expect(act).toHaveBeenCalledTimes(1);
  for (let ms = 0; ms < 1000; ms += 10) {
    draw.soon();
    vi.advanceTimersByTime(10);
  }
  expect(act).toHaveBeenCalledTimes(11);
});

test('what presses does not wait for what does not', () => {
  const act = vi.fn();
  const draw = steady(quick, act, Date.now);
  draw.soon();
  draw.soon(slow);
  vi.advanceTimersByTime(50);
  draw.soon();
  vi.advanceTimersByTime(49);
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledTimes(2);
  // Nothing is left over: the slower wish was met with it.
  vi.advanceTimersByTime(2000);
  expect(act).toHaveBeenCalledTimes(2);
});

test('what does not press is done all the same, also when the like comes again and again', () => {
  const act = vi.fn();
  const draw = steady(quick, act, Date.now);
  draw.soon();
  for (let ms = 0; ms < 500; ms += 10) {
    draw.soon(slow);
    vi.advanceTimersByTime(10);
  }
  expect(act).toHaveBeenCalledTimes(2);
});

test('after a quiet while some may follow each other at once; a storm is drawn evenly all the same', () => {
  const act = vi.fn();
  const draw = steady({ everyMs: 500, atOnce: 3 }, act, Date.now);
  for (let round = 0; round < 3; round++) {
    draw.soon();
    vi.advanceTimersByTime(10);
  }
  expect(act).toHaveBeenCalledTimes(3);
  for (let ms = 30; ms < 4_900; ms += 10) {
    draw.soon();
    vi.advanceTimersByTime(10);
  }
  // Two a second, and the three at the beginning.
  expect(act).toHaveBeenCalledTimes(12);
});
