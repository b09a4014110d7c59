import type { ReplayRequest as Asked } from '@watchpost/contracts/api';
import type { ReplayedSite, ReplayRequest } from './replay-events.ts';

/** What was asked for, with the rules that it means. @param id by which a rule set of a file is known */
export function requestOf(
  { from, to, rules }: Asked,
  { ruleSet }: ReplayedSite,
  id = 'tried',
): ReplayRequest {
  const window = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  if (rules === 'built_in') return { window };
  return { window, ruleSet: rules === 'in_force' ? ruleSet : { id, rules } };
}
