import { severities } from '@watchpost/contracts/alert';
import type { IncidentHook } from '../incidents/incident-book.ts';
import type { DueRow } from '../jobs/due-step.ts';
import type { AlertingPolicy } from '../policy.ts';
import { writeDue } from '../store/due-store.ts';
import { policiesOf } from '../store/escalation-policy-store.ts';
import { acknowledgeRuns, beginRuns, endRuns } from '../store/escalation-store.ts';
import type { Queryable } from '../store/schema.ts';
import { choosePolicy } from './choose-policy.ts';
import { causesOf, type SubjectCause } from './subject-cause.ts';

/** What {@link escalationWriter} needs. */
export interface EscalationWriterOptions {
  readonly site: string;
  readonly policy: Pick<AlertingPolicy, 'escalation'>;
  readonly nowMs: () => number;
  /** Told when the soonest of what was written is due. */
  readonly expect: (atMs: number) => void;
}

/**
 * Writes what follows from changes of incidents for the telling by steps, in their transaction: what opens
 * begins with a copy of its policy, what rises or comes back begins anew, what somebody takes care of
 * stops, what is over ends.
 */
export function escalationWriter(options: EscalationWriterOptions): IncidentHook {
  return async (tx, changes) => {
    const causes = causesOf(changes);
    if (causes.length === 0) return undefined;
    const rows = [
      ...(await begin(
        tx,
        options,
        causes.filter(({ kind }) => kind === 'begun'),
      )),
      ...(await stop(
        tx,
        options,
        causes.filter(({ kind }) => kind === 'taken'),
      )),
    ];
    const over = causes.flatMap(({ kind, subject }) => (kind === 'over' ? [subject] : []));
    await endRuns(tx, options.site, over, options.nowMs());
    if (rows.length === 0) return undefined;
    await writeDue(tx, rows);
    return () => options.expect(Math.min(...rows.map(({ atMs }) => atMs)));
  };
}

async function begin(
  tx: Queryable,
  { site, nowMs }: EscalationWriterOptions,
  causes: readonly SubjectCause[],
): Promise<DueRow[]> {
  if (causes.length === 0) return [];
  const policies = await policiesOf(tx, site);
  const begun = await beginRuns(
    tx,
    site,
    causes.map((cause) => {
      const { subject, seq, severity, at } = cause;
      const policy = choosePolicy(policies, cause);
      return { subject, seq, severity, at, ...(policy ? { policy } : {}) };
    }),
    nowMs(),
  );
  return begun.flatMap(({ subject, version, steps: [first] }): DueRow[] => {
    if (!first) return [];
    const waitMs = first.waitSeconds * 1_000;
    return [{ site, kind: 'escalation.step', key: subject, version, waitMs, atMs: nowMs() + waitMs }];
  });
}

async function stop(
  tx: Queryable,
  { site, nowMs, policy }: EscalationWriterOptions,
  causes: readonly SubjectCause[],
): Promise<DueRow[]> {
  if (causes.length === 0) return [];
  const bySubject = new Map(causes.map((cause) => [cause.subject, cause]));
  const taken = causes.map(({ subject, seq, severity, at, by }) => ({
    ...{ subject, seq, severity, at, by },
  }));
  const { remindAfterMs: waitMs, remindFrom } = policy.escalation;
  const rank = (severity: SubjectCause['severity']) => severities.indexOf(severity);
  return (await acknowledgeRuns(tx, site, taken, nowMs())).flatMap(({ subject, version }): DueRow[] => {
    const { severity = 'low' } = bySubject.get(subject) ?? {};
    if (rank(severity) < rank(remindFrom)) return [];
    return [{ site, kind: 'escalation.reminder', key: subject, version, waitMs, atMs: nowMs() + waitMs }];
  });
}
