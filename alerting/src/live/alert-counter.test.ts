import type { AlertCounts } from '@watchpost/contracts/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AlertCounter } from './alert-counter.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function counting() {
  const state = { counted: 0, broken: false, published: 0, warned: 0 };
  const counter = new AlertCounter({
    count: async () => {
      state.counted += 1;
      if (state.broken) throw new Error('no database');
      return {} as AlertCounts;
    },
    publish: () => {
      state.published += 1;
    },
    logger: {
      warn: () => {
        state.warned += 1;
      },
    },
    monotonicMs: () => Date.now(),
    everyMs: 1000,
  });
  return { state, counter };
}

test('the first change is told at once, a storm once a second, and the last of it too', async () => {
  const { state, counter } = counting();
  counter.changed();
  await vi.advanceTimersByTimeAsync(1);
  expect(state.published).toBe(1);
  for (let change = 0; change < 100; change += 1) {
    counter.changed();
    await vi.advanceTimersByTimeAsync(30);
  }
  expect(state.published).toBeLessThanOrEqual(5);
  const during = state.published;
  counter.changed();
  await vi.advanceTimersByTimeAsync(2000);
  expect(state.published).toBe(during + 1);
});

test('a hundred askers cost one count while nothing changes', async () => {
  const { state, counter } = counting();
  await Promise.all(Array.from({ length: 100 }, () => counter.current()));
  expect(state.counted).toBe(1);
  counter.changed();
  await counter.current();
  expect(state.counted).toBe(2);
});

test('a count that fails is tried again until it succeeds', async () => {
  const { state, counter } = counting();
  state.broken = true;
  counter.changed();
  await vi.advanceTimersByTimeAsync(3500);
  expect(state.warned).toBeGreaterThan(2);
  expect(state.published).toBe(0);
  await expect(counter.current()).rejects.toThrow('no database');
  state.broken = false;
  await vi.advanceTimersByTimeAsync(1500);
  expect(state.published).toBe(1);
  counter.stop();
});
