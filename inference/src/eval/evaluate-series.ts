import { writeFile } from 'node:fs/promises';
import { createSeriesDetector } from '../series/series-detector.ts';
import { drawSeries } from './draw-series.ts';
import { type Figure, progress } from './figures.ts';
import { hasScoredWindow, type NabProfile, nabGainAt, nabScore, type ScoredSeries } from './nab-score.ts';
import { badData } from './read-data.ts';
import { type NabSeries, readNab, readNabProfiles } from './read-nab.ts';
import { classFigures, folderOf, scoreAllSeries } from './score-series.ts';

const figureOf: Readonly<Record<string, string>> = {
  standard: 'nab_standard',
  reward_low_FP_rate: 'nab_low_fp',
  reward_low_FN_rate: 'nab_low_fn',
};

/** What an evaluation of series may be told. */
export interface SeriesEvaluation {
  /** Where to write the drawing. */
  readonly picture?: string;
  /** Takes each group of figures as soon as it is measured. */
  readonly report?: (figures: readonly Figure[]) => void;
}

/**
 * NAB over the series in `dir` (layout of numenta/NAB: `data/*​/*.csv`, `labels/combined_windows.json`,
 * `profiles.json`). First the figures of the one statistical detector with one set of parameters; threshold
 * rule: the one threshold for all series that is best for the profile on this same set, as NAB's optimizer
 * chooses it, and beside it with each folder judged by the threshold of the others. Then the trained sequence
 * model beside it, by class of series.
 * @throws WatchpostError `inference.evaluation_data` with the offending file
 */
export async function evaluateSeries(dir: string, options: SeriesEvaluation = {}): Promise<Figure[]> {
  const profiles = await readNabProfiles(dir);
  const all = await readNab(dir);
  const corpus: ScoredSeries[] = [];
  for (const [i, series] of all.entries()) {
    corpus.push(scoreSeries(series));
    progress(i + 1, all.length);
  }
  if (!hasScoredWindow(corpus)) {
    throw badData('labels/combined_windows.json', 'a window after the first 15 % of a series');
  }
  const headline: Figure[] = [];
  for (const [name, profile] of Object.entries(profiles)) {
    const figure = figureOf[name];
    if (figure) headline.push(...headlineFigures(figure, corpus, profile));
  }
  options.report?.(headline);
  const { standard } = profiles;
  if (!standard) return headline;
  const judged = await scoreAllSeries(all);
  const byClass = classFigures(judged, standard);
  options.report?.(byClass);
  if (options.picture) await writeFile(options.picture, drawSeries(byClass, judged));
  return [...headline, ...byClass];
}

function headlineFigures(figure: string, corpus: readonly ScoredSeries[], profile: NabProfile): Figure[] {
  const n = corpus.length;
  const { score, threshold } = nabScore(corpus, profile);
  const points = (name: string, value: number) => ({ figure: name, value, unit: 'points', n });
  const others = heldOut(corpus, profile);
  return [
    points(figure, score),
    { figure: `${figure}_threshold`, value: threshold, unit: 'score', n },
    ...(others === null ? [] : [points(`${figure}_held_out`, others)]),
  ];
}

/**
 * Each folder scored with the threshold that is best for the other folders; null where these have nothing to
 * choose by.
 */
function heldOut(corpus: readonly ScoredSeries[], profile: NabProfile): number | null {
  let gain = 0;
  let perfect = 0;
  for (const folder of new Set(corpus.map(folderOf))) {
    const others = corpus.filter((series) => folderOf(series) !== folder);
    if (!hasScoredWindow(others)) return null;
    const { threshold } = nabScore(others, profile);
    const part = nabGainAt(
      corpus.filter((series) => folderOf(series) === folder),
      profile,
      threshold,
    );
    gain += part.gain;
    perfect += part.perfect;
  }
  return perfect > 0 ? (100 * gain) / perfect : 0;
}

function scoreSeries({ name, times, values, windows }: NabSeries): ScoredSeries {
  const detector = createSeriesDetector();
  return {
    name,
    windows,
    scores: values.map((value, i) => detector.observe(times[i] ?? Number.NaN, value).score),
  };
}
