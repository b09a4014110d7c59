import { expect, it } from 'vitest';
import { keptList } from './use-kept.ts';

const door = { device: 'door', waiting: 'high', alert: 'a' };
const smoke = { device: 'smoke', waiting: null, alert: 'b' };

it('is the list of before while it holds the same', () => {
  const before = [door, smoke];
  expect(keptList(before, [{ ...door }, { ...smoke }])).toBe(before);
  expect(keptList([], [])).toEqual([]);
});

it('is the new one when anything in it differs: a value, a field more or less, the order, the length', () => {
  const before = [door, smoke];
  for (const now of [
    [{ ...door, waiting: 'critical' }, smoke],
    [{ ...door, site: 'demo' }, smoke],
    [{ device: 'door', waiting: 'high' } as typeof door, smoke],
    [smoke, door],
    [door],
    [door, smoke, smoke],
  ])
    expect(keptList<object>(before, now)).toBe(now);
});
