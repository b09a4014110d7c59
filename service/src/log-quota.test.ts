import { expect, test } from 'vitest';
import { LogQuota } from './log-quota.ts';

test('writes the first lines of a window and later says how many it left out', () => {
  const quota = new LogQuota({ lines: 2, windowMs: 1000 });
  expect([0, 1, 2, 3].map((at) => quota.take('a', at))).toEqual([0, 0, undefined, undefined]);
  expect(quota.take('a', 1000)).toBe(2);
  expect(quota.take('a', 1001)).toBe(0);
});

test('kinds do not share a quota', () => {
  const quota = new LogQuota({ lines: 1, windowMs: 1000 });
  expect(quota.take('a', 0)).toBe(0);
  expect(quota.take('b', 0)).toBe(0);
});
