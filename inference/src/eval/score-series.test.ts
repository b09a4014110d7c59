import { expect, it } from 'vitest';
import type { SeriesMethod } from '../series/method-choice.ts';
import { drawSeries } from './draw-series.ts';
import { nabGainAt, nabScore } from './nab-score.ts';
import { classFigures, type SeriesByMethod, scoreAllSeries } from './score-series.ts';

const profile = { tpWeight: 1, fnWeight: 1, fpWeight: 0.11 };
const length = 1000;
const hit = (at: number) => Array.from({ length }, (_, i) => (i === at ? 1 : 0));
const silent = hit(-1);

/** A series with one window, which only `found` finds. */
function series(folder: string, found: SeriesMethod): SeriesByMethod {
  const scores = { statistical: silent, sequence: silent, combined: silent, [found]: hit(400) };
  return {
    name: `${folder}/x.csv`,
    times: silent.map((_, i) => i * 60_000),
    values: silent.map((_, i) => Math.sin(i)),
    windows: [[400, 499]],
    seriesClass: 'noisy',
    scores,
  };
}
const figureOf = (all: readonly SeriesByMethod[], figure: string) =>
  classFigures(all, profile).find((one) => one.figure === figure);

it('a gain at a fixed threshold is the score at that threshold', () => {
  const corpus = [
    {
      name: 'a',
      windows: [
        [400, 499],
        [700, 750],
      ] as const,
      scores: hit(420).map((s, i) => (i === 900 ? 0.9 : s)),
    },
    { name: 'b', windows: [[300, 350]] as const, scores: hit(320) },
  ];
  const { score, threshold } = nabScore(corpus, profile);
  const { gain, perfect } = nabGainAt(corpus, profile, threshold);
  expect((100 * gain) / perfect).toBeCloseTo(score, 9);
  expect(nabGainAt(corpus, profile, 0.8).gain).toBeLessThan(gain);
  expect(perfect).toBe(6);
});

it('chooses another judge only where it is better whichever folder is left out', () => {
  const folders = ['a', 'b', 'c', 'd', 'e', 'f'];
  const everywhere = folders.map((folder) => series(folder, 'sequence'));
  expect(figureOf(everywhere, 'nab_class_noisy_chosen')).toMatchObject({
    value: 100,
    note: 'chosen: sequence, in use: statistical',
  });
  expect(figureOf(everywhere, 'nab_all_in_use')?.value).toBe(0);
  const once = folders.map(() => series('a', 'sequence'));
  expect(figureOf(once, 'nab_class_noisy_chosen')).toMatchObject({ value: 0 });
  const few = folders.slice(0, 4).map((folder) => series(folder, 'sequence'));
  expect(figureOf(few, 'nab_class_noisy_chosen')).toMatchObject({ value: 0 });
});

it('judges a series by all judges and draws it', async () => {
  const values = silent.map((_, i) => 20 + Math.sin(i / 2) + (i === 600 ? 40 : 0) + ((i * 7919) % 13) / 100);
  const { name, times } = series('<a&b>', 'combined');
  const [judged] = await scoreAllSeries([{ name, times, values, windows: [[590, 640]] }]);
  for (const judge of ['statistical', 'sequence', 'combined'] as const) {
    expect(judged!.scores[judge].length).toBe(length);
    expect(judged!.scores[judge][600]).toBeGreaterThan(0.5);
  }
  expect(judged!.scores.sequence).not.toEqual(judged!.scores.statistical);
  const svg = drawSeries(classFigures([judged!], profile), [judged!]);
  expect(svg).toContain('&lt;a&amp;b&gt;/x.csv');
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  expect(svg.match(/<circle/g)!.length).toBe(
    judged!.scores.statistical.filter((score) => score >= 0.5).length,
  );
});
