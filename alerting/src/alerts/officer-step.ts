import { type Alert, type AlertDetail, type TransitionRequest, WatchpostError } from '@watchpost/contracts';
import { systemActor, takeStep } from '../domain/alert-lifecycle.ts';
import { answerOf, appendTransitions, lockAlert, transitionsOf, updateAlert } from '../store/alert-store.ts';
import type { Queryable } from '../store/schema.ts';

/** What a request came to. `changed` is false for a repeat. */
export interface StepResult {
  readonly detail: AlertDetail;
  readonly changed: boolean;
}

/** What the request with this id was answered the first time, if there was one. */
async function repeatedAnswer(
  tx: Queryable,
  id: string,
  request: TransitionRequest,
): Promise<AlertDetail | undefined> {
  const earlier = await answerOf(tx, request.id);
  if (!earlier) return undefined;
  if (earlier.alert.id !== id || earlier.to !== request.to) {
    throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id not used before' } });
  }
  // As it was then: without the steps that came later.
  return { alert: earlier.alert, transitions: await transitionsOf(tx, id, earlier.position) };
}

/**
 * Takes an officer's step, once: a repeat of the same request id changes nothing and gets the first answer.
 * @throws WatchpostError `api.not_found`, `alert.transition`, `alert.disposition_required`, or `api.invalid` when the
 * request id belongs to another step.
 */
export async function takeOfficerStep(
  db: Queryable,
  site: string,
  id: Alert['id'],
  request: TransitionRequest,
  actor: string,
  nowMs: number,
): Promise<StepResult> {
  return db.transaction().execute(async (tx) => {
    // The lock first: two copies of one request at the same time become first and repeat.
    const alert = await lockAlert(tx, site, id);
    if (!alert) throw new WatchpostError('api.not_found');
    const repeated = await repeatedAnswer(tx, id, request);
    if (repeated) return { detail: repeated, changed: false };
    const change = takeStep(alert, {
      to: request.to,
      actor,
      now: new Date(nowMs).toISOString(),
      reason: request.reason,
      disposition: request.disposition,
    });
    await updateAlert(tx, change.alert);
    await appendTransitions(tx, change.steps, { id: request.id, answer: change.alert });
    return { detail: { alert: change.alert, transitions: await transitionsOf(tx, id) }, changed: true };
  });
}

/** Closes an alert that was resolved long ago and that nobody closed. */
export async function closeByItself(
  db: Queryable,
  site: string,
  id: Alert['id'],
  nowMs: number,
): Promise<Alert | undefined> {
  return db.transaction().execute(async (tx) => {
    const alert = await lockAlert(tx, site, id);
    if (alert?.state !== 'resolved') return undefined;
    const now = new Date(nowMs).toISOString();
    const change = takeStep(alert, { to: 'closed', actor: systemActor, now, reason: 'resolved long ago' });
    await updateAlert(tx, change.alert);
    await appendTransitions(tx, change.steps);
    return change.alert;
  });
}
