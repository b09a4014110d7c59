import type { Alert, Suppression } from '@watchpost/contracts/alert';
import { isUnresolved, systemActor, takeStep } from '../alerts/alert-lifecycle.ts';
import { revise } from '../alerts/alert-revision.ts';
import { type ChangeEntry, entriesOf } from '../alerts/change-entry.ts';
import { lift } from '../suppression/suppression.ts';

/** A change of an alert. */
export interface Quieted {
  readonly before: Alert;
  readonly after: Alert;
  readonly entries: readonly ChangeEntry[];
}

/** Whether an alert opened in a walk test: before it is resolved nothing else says that it is one. */
const isOfTest = ({ state, disposition }: Alert): boolean => isUnresolved(state) && disposition === 'test';

const isSilenced = ({ suppressions = [] }: Alert): boolean =>
  suppressions.some(({ kind }) => kind === 'silence');

/**
 * Ends the suppressions of an alert that `ends` names. What opened in a walk test is closed as a test with
 * it, unless its cause holds: then it is none, and is judged as new like any other. Undefined where it has
 * none of them.
 */
export function endQuiet(
  alert: Alert,
  ends: (suppression: Suppression) => boolean,
  now: string,
): Quieted | undefined {
  const lifted = lift(alert, ends, now);
  if (lifted === alert) return undefined;
  if (!isOfTest(alert) || isSilenced(lifted))
    return { before: alert, after: lifted, entries: entriesOf(alert, lifted, []) };
  if (lifted.condition === 'active') {
    const after = revise(lifted, { disposition: null }, now);
    return { before: alert, after, entries: entriesOf(alert, after, []) };
  }
  return closeAsTest(alert, lifted, now);
}

function closeAsTest(before: Alert, lifted: Alert, now: string): Quieted {
  const all = ['acknowledged', 'resolved', 'closed'] as const;
  const steps = [];
  let after = lifted;
  for (const to of lifted.state === 'open' ? all : all.slice(1)) {
    const change = takeStep(after, { to, actor: systemActor, now, reason: 'walk test', disposition: 'test' });
    after = change.alert;
    steps.push(...change.steps);
  }
  return { before, after, entries: entriesOf(before, after, steps) };
}
