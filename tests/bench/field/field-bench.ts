import type { Figure } from '../figure.ts';

/**
 * One part of `npm run bench -- field` or `-- site`: starts what it needs, measures, leaves nothing running.
 */
export interface FieldBench {
  /** By which it is chosen: `npm run bench -- field NAME`. */
  readonly name: string;
  /** The figures it promises; one that is missing at the end is a failure of the bench. */
  readonly figures: readonly string[];
  /** @param wanted of its figures; whatever else it measures by the way is left out */
  readonly run: (say: (line: string) => void, wanted: readonly string[]) => Promise<readonly Figure[]>;
}
