import type { Mistake } from './mistake.ts';

/** Something in a site file that does not fit to something else of it. */
export interface CrossIssue {
  readonly code: Mistake['code'];
  readonly path: readonly (string | number)[];
  /** The names that exist where one does not. */
  readonly known?: readonly string[];
  readonly details?: Mistake['details'];
}
