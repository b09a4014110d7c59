import { LearningSeries } from '../series/learning-series.ts';
import { measuredMethod, type SeriesMethod, seriesMethods } from '../series/method-choice.ts';
import type { SequenceModel } from '../series/sequence/sequence-model.ts';
import { openTensors, type TensorLibrary } from '../series/sequence/tensor-backend.ts';
import { trainSequenceModel } from '../series/sequence/train-sequence-model.ts';
import { classifySeries, type SeriesClass, seriesClasses } from '../series/series-class.ts';
import { type Figure, progress } from './figures.ts';
import { type NabProfile, nabGainAt, type ScoredSeries } from './nab-score.ts';
import type { NabSeries } from './read-nab.ts';

/** A series with the scores that each judge gave it. */
export interface SeriesByMethod extends NabSeries {
  readonly seriesClass: SeriesClass;
  readonly scores: Readonly<Record<SeriesMethod, readonly number[]>>;
}

/** Where the product alarms. */
const alarmFrom = 0.5;
/** Points of warm-up that the class is judged by, as on a gateway. */
const warmup = 300;
/**
 * By so many points, over so many windows, another judge must be better than the statistics to be chosen:
 * less is chance.
 */
const marginPoints = 2;
const leastWindows = 5;

/** Every series by each judge; models are trained within the series as on a gateway, on what came before. */
export async function scoreAllSeries(all: readonly NabSeries[]): Promise<SeriesByMethod[]> {
  const tensors = await openTensors();
  const judged: SeriesByMethod[] = [];
  for (const [i, series] of all.entries()) {
    const models = new Map<number, SequenceModel | null>();
    const scores: Record<SeriesMethod, readonly number[]> = { statistical: [], sequence: [], combined: [] };
    for (const judge of seriesMethods) scores[judge] = await scoresBy(judge, series, tensors, models);
    const seen = series.values.filter(Number.isFinite).slice(0, warmup);
    judged.push({ ...series, seriesClass: classifySeries(seen), scores });
    progress(i + 1, all.length);
  }
  return judged;
}

/**
 * `models` by the number of points: what is learnt from does not depend on the judge, so each is trained
 * once.
 */
async function scoresBy(
  judge: SeriesMethod,
  { name, times, values }: NabSeries,
  tensors: TensorLibrary,
  models: Map<number, SequenceModel | null>,
): Promise<number[]> {
  let seen = 0;
  const learning = new LearningSeries({
    series: name,
    judge,
    retrainEveryMs: Number.POSITIVE_INFINITY,
    train: async (points, options) => {
      const known = models.get(seen);
      if (known !== undefined) return known;
      const model = await trainSequenceModel(tensors, points, options);
      models.set(seen, model);
      return model;
    },
    onFailure: (error) => {
      throw error;
    },
  });
  const scores: number[] = [];
  for (const [i, value] of values.entries()) {
    seen = i + 1;
    scores.push(learning.observe(times[i] ?? Number.NaN, value).score);
    if (learning.training) await learning.training;
  }
  return scores;
}

/**
 * Per class the points of each judge at the product's threshold, and which one the measurement chooses; then
 * what choosing is worth, on the same set and held out.
 */
export function classFigures(all: readonly SeriesByMethod[], profile: NabProfile): Figure[] {
  const figures: Figure[] = [];
  const choice = chooseMethods(all, profile);
  for (const seriesClass of seriesClasses) {
    const members = all.filter((series) => series.seriesClass === seriesClass);
    if (windowsOf(members) === 0) continue;
    for (const judge of seriesMethods)
      figures.push(
        figureOf(
          `nab_class_${seriesClass}_${judge}`,
          pointsBy(members, profile, () => judge),
          members,
        ),
      );
    const note = `chosen: ${choice[seriesClass]}, in use: ${measuredMethod[seriesClass]}`;
    const value = pointsBy(members, profile, () => choice[seriesClass]);
    figures.push({ ...figureOf(`nab_class_${seriesClass}_chosen`, value, members), note });
  }
  for (const judge of seriesMethods)
    figures.push(
      figureOf(
        `nab_all_${judge}`,
        pointsBy(all, profile, () => judge),
        all,
      ),
    );
  figures.push(
    figureOf(
      'nab_all_chosen',
      pointsBy(all, profile, (series) => choice[series.seriesClass]),
      all,
    ),
  );
  if (foldersOf(all).length > 1)
    figures.push(figureOf('nab_all_chosen_held_out', heldOutChoice(all, profile), all));
  figures.push(
    figureOf(
      'nab_all_in_use',
      pointsBy(all, profile, (series) => measuredMethod[series.seriesClass]),
      all,
    ),
  );
  return figures;
}

/**
 * The judge that is best in each class: the statistics, unless another is clearly better, and stays so
 * whichever folder is left out. A gain on one kind of source says nothing of the class.
 */
function chooseMethods(
  all: readonly SeriesByMethod[],
  profile: NabProfile,
): Record<SeriesClass, SeriesMethod> {
  const choice: Record<SeriesClass, SeriesMethod> = {
    steps: 'statistical',
    seasonal: 'statistical',
    smooth: 'statistical',
    noisy: 'statistical',
  };
  for (const seriesClass of seriesClasses) {
    const members = all.filter((series) => series.seriesClass === seriesClass);
    const parts = [members, ...foldersOf(all).map((folder) => without(members, folder))];
    const points = (judge: SeriesMethod) => pointsBy(members, profile, () => judge);
    choice[seriesClass] = seriesMethods
      .filter((judge) => parts.every((part) => isBetter(judge, part, profile)))
      .reduce((best, judge) => (points(judge) > points(best) ? judge : best), choice[seriesClass]);
  }
  return choice;
}

function isBetter(judge: SeriesMethod, members: readonly SeriesByMethod[], profile: NabProfile): boolean {
  const points = (of: SeriesMethod) => pointsBy(members, profile, () => of);
  return windowsOf(members) >= leastWindows && points(judge) > points('statistical') + marginPoints;
}

/** Each folder judged by what the other folders choose. */
function heldOutChoice(all: readonly SeriesByMethod[], profile: NabProfile): number {
  const choices = new Map(
    foldersOf(all).map((folder) => [folder, chooseMethods(without(all, folder), profile)]),
  );
  return pointsBy(
    all,
    profile,
    (series) => choices.get(folderOf(series))?.[series.seriesClass] ?? 'statistical',
  );
}

function pointsBy(
  all: readonly SeriesByMethod[],
  profile: NabProfile,
  judgeOf: (series: SeriesByMethod) => SeriesMethod,
): number {
  const corpus = all.map((series): ScoredSeries => ({ ...series, scores: series.scores[judgeOf(series)] }));
  const { gain, perfect } = nabGainAt(corpus, profile, alarmFrom);
  return perfect > 0 ? (100 * gain) / perfect : 0;
}

/** The folder of NAB, a kind of source. */
export function folderOf({ name }: { readonly name: string }): string {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
}

function foldersOf(all: readonly SeriesByMethod[]): string[] {
  return [...new Set(all.map(folderOf))];
}

function without(all: readonly SeriesByMethod[], folder: string): SeriesByMethod[] {
  return all.filter((series) => folderOf(series) !== folder);
}

const windowsOf = (all: readonly NabSeries[]) => all.reduce((sum, { windows }) => sum + windows.length, 0);
const figureOf = (figure: string, value: number, all: readonly NabSeries[]): Figure => ({
  figure,
  value,
  unit: 'points',
  n: all.length,
});
