import { expect, test } from 'vitest';
import { repeatsOf } from './audit.ts';

test('a notice may come again after a fault, once for each; what comes again without one is doubled', () => {
  const heard = [
    { id: 'a', atMs: 10 },
    { id: 'b', atMs: 11 },
    { id: 'a', atMs: 30 },
    { id: 'a', atMs: 31 },
  ];
  expect(repeatsOf(heard, [20])).toEqual({ repeats: 1, unexplained: 1 });
  expect(repeatsOf(heard, [20, 30])).toEqual({ repeats: 2, unexplained: 0 });
  expect(repeatsOf(heard, [5])).toEqual({ repeats: 0, unexplained: 2 });
});
