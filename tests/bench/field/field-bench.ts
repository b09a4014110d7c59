import type { Figure } from '../figure.ts';

/**
 * One part of `npm run bench -- field` or `-- site`: starts what it needs, measures, leaves nothing running.
 */
export interface FieldBench {
  /** Name for `--only`. */
  readonly name: string;
  /** The figures it promises; one that is missing at the end is a failure of the bench. */
  readonly figures: readonly string[];
  readonly run: (say: (line: string) => void) => Promise<readonly Figure[]>;
}
