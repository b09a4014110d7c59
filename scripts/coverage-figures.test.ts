import { expect, it } from 'vitest';
import { coverageFigures } from './coverage-figures.ts';

const share = (covered: number, total: number) => ({ covered, total, skipped: 0, pct: 'Unknown' });

it('a summary becomes three figures', () => {
  const total = {
    lines: share(2, 3),
    branches: share(1, 2),
    functions: share(4, 4),
    statements: share(1, 1),
  };
  expect(coverageFigures({ total })).toEqual([
    { figure: 'coverage_lines_pct', value: 66.7, unit: '%', n: 3 },
    { figure: 'coverage_branches_pct', value: 50, unit: '%', n: 2 },
    { figure: 'coverage_functions_pct', value: 100, unit: '%', n: 4 },
  ]);
});

it('nothing counted is no figure', () => {
  const total = { lines: share(0, 0), branches: share(0, 0), functions: share(0, 0) };
  expect(() => coverageFigures({ total })).toThrow('no lines');
});
