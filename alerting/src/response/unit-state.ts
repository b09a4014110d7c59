import type { TaskState, UnitState } from '@watchpost/contracts/api';
import { isUnderWay } from './task-ladder.ts';

/**
 * What a unit can take on. Who works on after the end of the shift is busy, not off duty; an offer alone
 * occupies nobody.
 */
export function unitState(tasks: readonly TaskState[], isOnDuty: boolean): UnitState {
  if (tasks.some(isUnderWay)) return 'busy';
  return isOnDuty ? 'available' : 'off_duty';
}

/** Of two people who are on duty by other rules one is enough. */
export function unitIsOnDuty(
  { duty, members }: { readonly duty: 'rotas' | 'always'; readonly members: readonly string[] },
  onDuty: ReadonlySet<string>,
): boolean {
  return duty === 'always' || members.some((member) => onDuty.has(member));
}
