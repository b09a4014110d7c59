import { createRandom } from '@watchpost/service/testing/damage';
import { expect, it } from 'vitest';
import { classifySeries } from './series-class.ts';

const random = createRandom(11);
const noise = Array.from({ length: 600 }, () => 2 * random() - 1);
const series = (value: (i: number) => number) => noise.map((_, i) => value(i));

it('knows a series of steps, a season, a smooth one and a noisy one', () => {
  expect(classifySeries(series((i) => Math.floor(i / 10) % 3))).toBe('steps');
  expect(classifySeries(series(() => 7))).toBe('steps');
  expect(classifySeries(series((i) => 20 + 5 * Math.sin((2 * Math.PI * i) / 24) + (noise[i] ?? 0)))).toBe(
    'seasonal',
  );
  let level = 0;
  expect(classifySeries(series((i) => (level += noise[i] ?? 0)))).toBe('smooth');
  expect(classifySeries(noise)).toBe('noisy');
});

it('has an answer for hardly anything', () => {
  expect(classifySeries([])).toBe('steps');
  expect(classifySeries([1])).toBe('steps');
  expect(classifySeries([1, 2, 3])).toBe('noisy');
});
