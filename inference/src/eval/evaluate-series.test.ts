import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@watchpost/service/testing/damage';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateSeries } from './evaluate-series.ts';
import type { Figure } from './figures.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nab-'));
  const CostMatrix = { tpWeight: 1, fnWeight: 1, fpWeight: 0.11 };
  await writeFile(join(dir, 'profiles.json'), JSON.stringify({ standard: { CostMatrix } }));
});
afterEach(() => rm(dir, { recursive: true }));

const stamp = (i: number) =>
  new Date(Date.UTC(2014, 0, 1, 0, 5 * i)).toISOString().slice(0, 19).replace('T', ' ');

/** Series of 500 points with a spike at 400, and its window unless there are no labels. */
async function lay(names: readonly string[], labelled = true): Promise<void> {
  const labels = names.map((name) => [name, labelled ? [[stamp(390), stamp(440)]] : []]);
  await mkdir(join(dir, 'labels'), { recursive: true });
  await writeFile(join(dir, 'labels', 'combined_windows.json'), JSON.stringify(Object.fromEntries(labels)));
  const random = createRandom(9);
  for (const name of names) {
    const file = join(dir, 'data', name);
    await mkdir(join(file, '..'), { recursive: true });
    const row = (i: number) => `${stamp(i)},${i === 400 ? 99 : 20 + random()}`;
    await writeFile(file, ['timestamp,value', ...Array.from({ length: 500 }, (_, i) => row(i))].join('\n'));
  }
}
const value = (figures: readonly Figure[], name: string) =>
  figures.find(({ figure }) => figure === name)?.value;

it('scores whatever series are there, headline first, and draws them', async () => {
  await lay(['a/x.csv', 'b/y.csv']);
  const reports: (readonly Figure[])[] = [];
  const picture = join(dir, 'out.svg');
  const figures = await evaluateSeries(dir, { picture, report: (group) => reports.push(group) });
  expect(reports.flat()).toEqual(figures);
  expect(reports[0]!.map(({ figure }) => figure)).toEqual([
    'nab_standard',
    'nab_standard_threshold',
    'nab_standard_held_out',
  ]);
  expect(value(figures, 'nab_standard')).toBeGreaterThan(90);
  // One threshold for all that is chosen elsewhere is never better than the best one.
  expect(value(figures, 'nab_standard_held_out')).toBeGreaterThan(0);
  expect(value(figures, 'nab_standard_held_out')).toBeLessThan(value(figures, 'nab_standard')!);
  expect(figures.every((figure) => Number.isFinite(figure.value))).toBe(true);
  expect(await readFile(picture, 'utf8')).toContain('b/y.csv');
});

it('says nothing of other folders where there is one, and refuses what has no window', async () => {
  await lay(['a/x.csv', 'a/y.csv']);
  const figures = await evaluateSeries(dir);
  expect(figures.filter(({ figure }) => figure.endsWith('held_out'))).toEqual([]);
  await lay(['a/x.csv', 'a/y.csv'], false);
  await expect(evaluateSeries(dir)).rejects.toMatchObject({
    code: 'inference.evaluation_data',
    path: 'labels/combined_windows.json',
  });
});
