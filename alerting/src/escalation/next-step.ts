import type { EscalationStep } from '@watchpost/contracts/api';

/** Which step comes next, and after how long. `ended`: none does. */
export type NextStep =
  | { readonly state: 'running'; readonly step: number; readonly round: number; readonly waitMs: number }
  | { readonly state: 'ended'; readonly step: number; readonly round: number };

/** What follows a step that was taken; what reached nobody is not waited for. */
export function nextStep(
  steps: readonly EscalationStep[],
  { step, round }: { readonly step: number; readonly round: number },
  outcome: 'reached' | 'nobody' | 'not_meant',
): NextStep {
  const now = steps[step];
  const isLast = step + 1 >= steps.length;
  const repeats = now?.repeat && (now.repeat.times === null || round < now.repeat.times) ? now.repeat : null;
  // What reached nobody is tried again only where nothing comes after it: somebody may be there by then.
  if (repeats && (outcome === 'reached' || (outcome === 'nobody' && isLast)))
    return { state: 'running', step, round: round + 1, waitMs: repeats.everySeconds * 1_000 };
  const following = steps[step + 1];
  if (!following) return { state: 'ended', step: steps.length, round: 0 };
  const waitMs = outcome === 'nobody' ? 0 : following.waitSeconds * 1_000;
  return { state: 'running', step: step + 1, round: 0, waitMs };
}
