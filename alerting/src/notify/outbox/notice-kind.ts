import type { NoticeKind } from '@watchpost/contracts/api';
import type { IncidentChangeKind } from '../../incidents/incident-change.ts';

/** Kinds that say that something is on. */
export const onKinds: readonly NoticeKind[] = ['opened', 'updated', 'reminder'];

/**
 * What people are told of a change of an incident; undefined where it is nobody’s news: further events,
 * notes, and what officers do to incidents that go on.
 */
export function noticeKindOf(kind: IncidentChangeKind): 'opened' | 'updated' | 'cleared' | undefined {
  switch (kind) {
    case 'opened':
    case 'cleared':
      return kind;
    case 'updated':
    case 'rose':
    case 'returned':
      return 'updated';
    default:
      return undefined;
  }
}
