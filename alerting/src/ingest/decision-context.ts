import type { ArmingContext } from '../arming/arming-context.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import type { KnownDispositions } from '../risk/known-dispositions.ts';
import type { RecentObservations } from '../risk/recent-observations.ts';
import type { RuleSet } from '../risk/rule-set.ts';
import type { NewId } from './to-reject.ts';

/** What deciding needs besides the batch. */
export interface DecisionContext {
  readonly directory: SiteDirectory;
  readonly rules: RuleSet;
  readonly policy: AlertingPolicy;
  /** Of a site with areas that are armed. */
  readonly arming?: Pick<ArmingContext, 'verdicts' | 'take'> | undefined;
  readonly newId: NewId;
  readonly nowMs: number;
  /** What was said lately, where everything that the site says goes through this service. */
  readonly recent?: RecentObservations | undefined;
  /** How alerts turned out, as far as it was read before. */
  readonly dispositions?: KnownDispositions;
}
