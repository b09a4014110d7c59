import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSeriesDetector } from '../series/series-detector.ts';
import { type Figure, progress } from './figures.ts';
import { type NabProfile, nabScore, type ScoredSeries } from './nab-score.ts';

const figureOf: Readonly<Record<string, string>> = {
  standard: 'nab_standard',
  reward_low_FP_rate: 'nab_low_fp',
  reward_low_FN_rate: 'nab_low_fn',
};

interface Series {
  readonly name: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly windows: ScoredSeries['windows'];
}

/**
 * NAB over the series in `dir` (layout of numenta/NAB: `data/*​/*.csv`, `labels/combined_windows.json`, `profiles.json`). Threshold rule: the one
 * threshold for all series that is best for the profile on this same set, as NAB's optimizer chooses it. One detector with one set of parameters.
 */
export async function evaluateSeries(dir: string): Promise<Figure[]> {
  const profiles: Record<string, { CostMatrix: NabProfile }> = JSON.parse(
    await readFile(join(dir, 'profiles.json'), 'utf8'),
  );
  const corpus: ScoredSeries[] = [];
  const all = await readNab(dir);
  for (const [i, series] of all.entries()) {
    corpus.push(scoreSeries(series));
    progress(i + 1, all.length);
  }
  const figures: Figure[] = [];
  for (const [name, { CostMatrix }] of Object.entries(profiles)) {
    const { score, threshold } = nabScore(corpus, CostMatrix);
    const figure = figureOf[name];
    if (!figure) continue;
    figures.push({ figure, value: score, unit: 'points', n: corpus.length });
    figures.push({ figure: `${figure}_threshold`, value: threshold, unit: 'score', n: corpus.length });
  }
  return figures;
}

function scoreSeries({ name, times, values, windows }: Series): ScoredSeries {
  const detector = createSeriesDetector();
  return {
    name,
    windows,
    scores: values.map((value, i) => detector.observe(times[i] ?? Number.NaN, value).score),
  };
}

/** Every series of the folder, with windows as row numbers. */
export async function readNab(dir: string): Promise<Series[]> {
  const labels: Record<string, [string, string][]> = JSON.parse(
    await readFile(join(dir, 'labels', 'combined_windows.json'), 'utf8'),
  );
  const files = (await readdir(join(dir, 'data'), { recursive: true }))
    .filter((file) => file.endsWith('.csv'))
    .sort();
  const all: Series[] = [];
  for (const name of files) {
    const rows = (await readFile(join(dir, 'data', name), 'utf8')).trim().split('\n').slice(1);
    const times = rows.map((row) => Date.parse(`${row.split(',')[0]?.trim().replace(' ', 'T')}Z`));
    const rowAt = (stamp: string) => times.indexOf(Date.parse(`${stamp.replace(' ', 'T').slice(0, 19)}Z`));
    const windows = (labels[name.replaceAll('\\', '/')] ?? []).map(
      ([from, to]) => [rowAt(from), rowAt(to)] as const,
    );
    all.push({ name, times, values: rows.map((row) => Number(row.split(',')[1])), windows });
  }
  return all;
}
