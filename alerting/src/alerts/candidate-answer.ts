import type { Alert, AlertTransition } from '@watchpost/contracts/alert';
import type { CandidateAnswer } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type AlertChange, isUnresolved } from './alert-lifecycle.ts';
import { revise } from './alert-revision.ts';

/** What an officer says of a candidate. `now` is RFC 3339. */
export interface AnswerRequest {
  readonly answer: CandidateAnswer;
  readonly actor: string;
  readonly now: string;
  readonly note?: string | undefined;
}

/**
 * Answers a candidate, in one step. Confirmed: whoever says so has the alert, unless somebody has it already,
 * and it goes on until it is resolved. Refused: it is resolved, as false.
 * @throws WatchpostError `alert.transition` when the alert is resolved or closed: it is reopened first
 */
export function answerCandidate(alert: Alert, { answer, actor, now, note }: AnswerRequest): AlertChange {
  if (!isUnresolved(alert.state))
    throw new WatchpostError('alert.transition', {
      path: '/answer',
      details: { from: alert.state, to: answer === 'refused' ? 'resolved' : 'acknowledged' },
    });
  const disposition = answer === 'refused' ? 'false' : 'genuine';
  const state = answer === 'refused' ? 'resolved' : alert.state === 'open' ? 'acknowledged' : alert.state;
  const acknowledgedBy = alert.acknowledgedBy ?? actor;
  const resolvedBy = answer === 'refused' ? actor : null;
  const step: AlertTransition = {
    ...{ alert: alert.id, from: alert.state, to: state, actor, time: now, disposition },
    reason: note === undefined || note === '' ? null : note,
  };
  return {
    alert: revise(alert, { state, disposition, acknowledgedBy, resolvedBy }, now),
    steps: [step],
  };
}
