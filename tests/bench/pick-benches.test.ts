import { expect, it } from 'vitest';
import { pickBenches } from './pick-benches.ts';

const bench = (name: string, figures: readonly string[]) => ({ name, figures, run: async () => [] });
const benches = [bench('one', ['one_s', 'one_ms']), bench('two', ['two_s'])];
const picked = (...names: readonly string[]) =>
  pickBenches(benches, names)?.map(({ name, figures }) => [name, ...figures]);

it('a bench is chosen by its name, or by a figure, and then makes no other', () => {
  expect(picked()).toEqual([
    ['one', 'one_s', 'one_ms'],
    ['two', 'two_s'],
  ]);
  expect(picked('two')).toEqual([['two', 'two_s']]);
  expect(picked('one_ms')).toEqual([['one', 'one_ms']]);
  expect(picked('one_ms', 'one')).toEqual([['one', 'one_s', 'one_ms']]);
});

it('a name that nobody knows is refused, also beside known ones', () => {
  expect(picked('two', 'three_s')).toBeUndefined();
});
