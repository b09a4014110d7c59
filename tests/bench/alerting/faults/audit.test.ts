import { expect, test } from 'vitest';
import { repeatsOf } from './audit.ts';

test('a notice may come again after a fault, once for each; what comes again without one is doubled', () => {
  const heard = [
    { id: 'a', atMs: 10_000 },
    { id: 'b', atMs: 11_000 },
    { id: 'a', atMs: 30_000 },
    { id: 'a', atMs: 40_000 },
  ];
  expect(repeatsOf(heard, [20_000])).toEqual({ repeats: 1, unexplained: 1 });
  expect(repeatsOf(heard, [20_000, 35_000])).toEqual({ repeats: 2, unexplained: 0 });
  expect(repeatsOf(heard, [5_000])).toEqual({ repeats: 0, unexplained: 2 });
  // On its way when something was killed.
  expect(repeatsOf(heard, [9_990])).toEqual({ repeats: 1, unexplained: 1 });
});
