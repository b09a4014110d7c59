import type { RuleSet } from '../domain/rule-set.ts';
import type { SiteDirectory } from '../domain/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import type { NewId } from './read-events.ts';

/** What deciding needs besides the work. */
export interface Decision {
  readonly directory: SiteDirectory;
  readonly rules: RuleSet;
  readonly policy: AlertingPolicy;
  readonly newId: NewId;
  readonly nowMs: number;
}
