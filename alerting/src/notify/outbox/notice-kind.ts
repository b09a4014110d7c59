import { type Alert, severities } from '@watchpost/contracts/alert';
import type { NoticeKind } from '@watchpost/contracts/api';
import { isUnresolved } from '../../alerts/alert-lifecycle.ts';

/** Kinds that say that something is on. */
export const onKinds: readonly NoticeKind[] = ['opened', 'updated', 'reminder'];

const rank = ({ severity }: Alert): number => severities.indexOf(severity);

/**
 * What people are told of a change of an alert; undefined where it is nobody’s news: further events, notes,
 * and what officers do to alerts that go on. `before` is missing for an alert that is new.
 */
export function noticeKindOf(
  before: Alert | undefined,
  after: Alert,
): 'opened' | 'updated' | 'cleared' | undefined {
  const isOver = !isUnresolved(after.state);
  if (!before) return isOver ? undefined : 'opened';
  const wasOver = !isUnresolved(before.state);
  if (isOver) return wasOver ? undefined : 'cleared';
  const isTakenBack = before.state !== 'open' && after.state === 'open';
  return isTakenBack || rank(after) > rank(before) ? 'updated' : undefined;
}
