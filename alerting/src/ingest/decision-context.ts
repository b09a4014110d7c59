import type { SiteDirectory } from '../places/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import type { RecentObservations } from '../risk/recent-observations.ts';
import type { RuleSet } from '../risk/rule-set.ts';
import type { NewId } from './to-reject.ts';

/** What deciding needs besides the batch. */
export interface DecisionContext {
  readonly directory: SiteDirectory;
  readonly rules: RuleSet;
  readonly policy: AlertingPolicy;
  readonly newId: NewId;
  readonly nowMs: number;
  /** What was said lately, where everything that the site says goes through this service. */
  readonly recent?: RecentObservations | undefined;
}
