import { useRef } from 'react';

/**
 * The list as it was when what it holds is the same: nothing is drawn again for a new list of the same
 * things.
 */
export function keptList<T extends object>(before: readonly T[], now: readonly T[]): readonly T[] {
  const isSame = before.length === now.length && before.every((item, index) => isEqual(item, now[index]));
  return isSame ? before : now;
}

function isEqual<T extends object>(left: T, right: T | undefined): boolean {
  if (left === right) return true;
  if (right === undefined) return false;
  const [own, others] = [Object.entries(left), Object.keys(right)];
  return own.length === others.length && own.every(([key, value]) => value === right[key as keyof T]);
}

/** {@link keptList} from one drawing to the next. */
export function useKept<T extends object>(now: readonly T[]): readonly T[] {
  const kept = useRef(now);
  kept.current = keptList(kept.current, now);
  return kept.current;
}
