import type { EscalationPolicy } from '@watchpost/contracts/api';
import type { SubjectCause } from './subject-cause.ts';

/**
 * The policy by which people are told of something: the first that fits; undefined where none does.
 * @param policies in the order in which they are asked
 */
export function choosePolicy<
  Policy extends Pick<EscalationPolicy, 'severities' | 'concerns'> & {
    readonly zones: readonly string[] | null;
  },
>(
  policies: readonly Policy[],
  { severity, zones, concern }: Pick<SubjectCause, 'severity' | 'zones' | 'concern'>,
): Policy | undefined {
  return policies.find(
    (policy) =>
      policy.severities.includes(severity) &&
      (policy.zones === null || zones.some((zone) => policy.zones?.includes(zone))) &&
      (policy.concerns === null || policy.concerns.includes(concern)),
  );
}
