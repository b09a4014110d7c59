import { SeasonFinder } from './season-finder.ts';

/** What a series is like: stands still between steps, repeats, moves smoothly, or none of these. */
export type SeriesClass = 'steps' | 'seasonal' | 'smooth' | 'noisy';

export const seriesClasses: readonly SeriesClass[] = ['steps', 'seasonal', 'smooth', 'noisy'];

/**
 * Share of points equal to the one before from which a series is one of steps (switched, counted or sparse).
 */
const stepShare = 0.25;
/** Correlation with the point before from which a series is smooth. */
const smoothFrom = 0.9;

/**
 * The class of a stretch of finite values, oldest first; the same values give the same class. Cheap, but not
 * for each point: call it when a model is to be chosen.
 */
export function classifySeries(values: ArrayLike<number>): SeriesClass {
  const n = values.length;
  if (n < 2) return 'steps';
  let equal = 0;
  let mean = 0;
  for (let i = 0; i < n; i++) {
    mean += (values[i] as number) / n;
    if (i > 0 && values[i] === values[i - 1]) equal++;
  }
  if (equal >= stepShare * (n - 1)) return 'steps';
  const finder = new SeasonFinder();
  let energy = 0;
  let shared = 0;
  for (let i = 0; i < n; i++) {
    const off = (values[i] as number) - mean;
    finder.observe(values[i] as number);
    energy += off * off;
    if (i > 0) shared += off * ((values[i - 1] as number) - mean);
  }
  if (finder.period !== null) return 'seasonal';
  return shared >= smoothFrom * energy ? 'smooth' : 'noisy';
}
