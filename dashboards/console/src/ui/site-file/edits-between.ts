import type { SiteEdit } from '@watchpost/contracts/api';
import { type Fields, fieldsOf, type Path } from './file-value.ts';

/**
 * What has to be edited to come from one value to another: as little as possible, so that comments and what
 * somebody else wrote stay. A list of points or names is one value.
 */
export function editsBetween(before: unknown, after: unknown, at: Path): SiteEdit[] {
  if (isSame(before, after)) return [];
  if (isFields(before) && isFields(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      editsBetween(before[key], after[key], [...at, key]),
    );
  return [{ path: [...at], ...(after === undefined ? {} : { value: after as SiteEdit['value'] }) }];
}

/** The paths, as JSON pointers, that two changes of the same value both touch. */
export function touchedByBoth(one: readonly SiteEdit[], other: readonly SiteEdit[]): string[] {
  const theirs = other.map(({ path }) => pointerOf(path));
  return one
    .map(({ path }) => pointerOf(path))
    .filter((mine) => theirs.some((their) => isWithin(mine, their) || isWithin(their, mine)));
}

export const pointerOf = (path: Path): string => path.map((part) => `/${part}`).join('');

/** Whether one JSON pointer leads to another or below it. */
export const isWithin = (pointer: string, above: string): boolean =>
  pointer === above || pointer.startsWith(`${above}/`);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((part, index) => isSame(part, other[index]));
  if (!isFields(one) || !isFields(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(fieldsOf(other)).length && keys.every((key) => isSame(one[key], other[key]))
  );
}
