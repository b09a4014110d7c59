import type { Incident } from '@watchpost/contracts/alert';
import type { IncidentChange, IncidentChangeKind } from '../incidents/incident-change.ts';

/** Something that happened to an incident, as far as telling people of it by steps is concerned. */
export interface SubjectCause {
  readonly subject: string;
  /** Its version then. */
  readonly seq: number;
  /** `begun`: people are told from the first step on. `taken`: a person takes care of all of it. */
  readonly kind: 'begun' | 'taken' | 'over';
  readonly severity: Incident['severity'];
  readonly zones: Incident['zones'];
  readonly concern: Incident['concern'];
  /** RFC 3339. */
  readonly at: string;
  /** Name of the account that takes care of it. */
  readonly by: string;
}

/** Further alerts of what goes on begin nothing; who has it, has those too or is asked anew. */
function kindOf({ kind, after, members }: IncidentChange): SubjectCause['kind'] | undefined {
  if (after.mergedInto !== null) return 'over';
  const kinds: Readonly<Partial<Record<IncidentChangeKind, SubjectCause['kind']>>> = {
    ...{
      opened: 'begun',
      rose: 'begun',
      returned: 'begun',
      acknowledged: 'taken',
      cleared: 'over',
      quieted: 'over',
    },
  };
  // A further step of whoever has it: it is not forgotten.
  const isAtWork = kind === 'changed' && after.state === 'acknowledged' && members.length > 0;
  return isAtWork ? 'taken' : kinds[kind];
}

/** The causes in what a transaction did to incidents, one for each at most. */
export function causesOf(changes: readonly IncidentChange[]): SubjectCause[] {
  return changes.flatMap((change): SubjectCause[] => {
    const kind = kindOf(change);
    const { id: subject, version: seq, severity, zones, concern, updatedAt: at, state } = change.after;
    // What rises while somebody has all of it has been taken back by then.
    if (kind === undefined || (kind === 'begun' && state !== 'open')) return [];
    const by = change.members.findLast(({ after }) => after.acknowledgedBy !== null)?.after.acknowledgedBy;
    return [{ subject, seq, kind, severity, zones, concern, at, by: by ?? '' }];
  });
}
