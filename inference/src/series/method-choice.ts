import type { SeriesClass } from './series-class.ts';

/**
 * Who judges a series that has a trained model: the statistics alone, the model alone (statistics still tell
 * of missing data), or whichever finds more.
 */
export type SeriesMethod = 'statistical' | 'sequence' | 'combined';

export const seriesMethods: readonly SeriesMethod[] = ['statistical', 'sequence', 'combined'];

/** The better judge for each class of series, as `eval series` measured it; see docs/decisions/0007. */
export const measuredMethod: Readonly<Record<SeriesClass, SeriesMethod>> = {
  steps: 'statistical',
  seasonal: 'statistical',
  smooth: 'statistical',
  noisy: 'statistical',
};
