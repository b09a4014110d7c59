import { expect, test } from 'vitest';
import { AttemptLimit } from './attempt-limit.ts';

test('after the failures of a window a key waits for its end; success forgets them', () => {
  const limit = new AttemptLimit(2, 1000);
  limit.fail('a', 0);
  expect(limit.allows('a', 1)).toBe(true);
  limit.fail('a', 10);
  expect([limit.allows('a', 999), limit.allows('b', 999), limit.allows('a', 1000)]).toEqual([
    false,
    true,
    true,
  ]);
  limit.clear('a');
  expect(limit.allows('a', 11)).toBe(true);
});
