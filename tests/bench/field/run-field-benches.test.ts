import { expect, it } from 'vitest';
import { runFieldBenches } from './run-field-benches.ts';

const quiet = () => undefined;
const figure = (name: string, value: number) => ({ figure: name, value, unit: 's', n: 1 });

it('a bench that fails costs its own figures only', async () => {
  const broken = {
    name: 'broken',
    figures: ['lost'],
    run: () => Promise.reject(new Error('no')),
  };
  const fine = { name: 'fine', figures: ['kept'], run: async () => [figure('kept', 1)] };
  expect(await runFieldBenches([broken, fine], quiet)).toEqual({
    figures: [figure('kept', 1)],
    missing: ['lost'],
  });
});

it('a figure without a value or without a measurement is missing', async () => {
  const empty = {
    name: 'empty',
    figures: ['nan', 'none'],
    run: async () => [figure('nan', Number.NaN), { ...figure('none', 1), n: 0 }],
  };
  expect(await runFieldBenches([empty], quiet)).toEqual({ figures: [], missing: ['nan', 'none'] });
});

it('a bench is told which of its figures are wanted, and others are left out', async () => {
  let told: readonly string[] = [];
  const both = {
    name: 'both',
    figures: ['asked'],
    run: async (_: unknown, wanted: readonly string[]) => {
      told = wanted;
      return [figure('asked', 1), figure('by_the_way', 2)];
    },
  };
  expect(await runFieldBenches([both], quiet)).toEqual({ figures: [figure('asked', 1)], missing: [] });
  expect(told).toEqual(['asked']);
});
