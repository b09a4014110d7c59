import type { Alert } from '@watchpost/contracts/alert';
import type { AlertDetail, TransitionRequest } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { countCandidates } from '../candidates/count-candidates.ts';
import { correctIncidents } from '../places/alert-incidents.ts';
import { answerOf, lockAlert, transitionsOf, unresolvedSibling, updateAlert } from '../store/alert-store.ts';
import type { ChangeLog } from '../store/change-log.ts';
import type { Queryable } from '../store/schema.ts';
import { takeStep } from './alert-lifecycle.ts';
import { requireSeen } from './alert-revision.ts';
import { entriesOf } from './change-entry.ts';

/** What a request came to. `changed` is false for a repeat. */
export interface StepResult {
  readonly detail: AlertDetail;
  readonly changed: boolean;
}

/** What the request with this id was answered the first time, if there was one. */
async function repeatedAnswer(
  tx: Queryable,
  site: string,
  id: string,
  request: TransitionRequest,
): Promise<AlertDetail | undefined> {
  const earlier = await answerOf(tx, site, request.id);
  if (!earlier) return undefined;
  if (earlier.alert.id !== id || (request.to !== undefined && earlier.to !== request.to)) {
    throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id not used before' } });
  }
  // As it was then: without the steps that came later.
  return { alert: earlier.alert, transitions: await transitionsOf(tx, site, id, earlier.position) };
}

/** The same person asks again for what is so already, under another request id. */
function isDone(alert: Alert, { to, disposition }: TransitionRequest, actor: string): boolean {
  if (to === undefined) return disposition !== undefined && alert.disposition === disposition;
  if (alert.state !== to || (disposition !== undefined && alert.disposition !== disposition)) return false;
  if (to === 'acknowledged') return alert.acknowledgedBy === actor;
  return to === 'resolved' && alert.resolvedBy === actor;
}

/** @throws WatchpostError `alert.superseded`: of one group only one alert is unresolved. */
async function requireAlone(tx: Queryable, site: string, id: Alert['id']): Promise<void> {
  const alert = await unresolvedSibling(tx, site, id);
  if (alert !== undefined) throw new WatchpostError('alert.superseded', { path: '/to', details: { alert } });
}

/**
 * Takes an officer's step, once: a repeat of the same request id changes nothing and gets the first answer,
 * and what the same person did already is not done again.
 * @throws WatchpostError `api.not_found`, `alert.stale` when the step was decided on an older version,
 *   `alert.transition`,
 * `alert.disposition_required`, `alert.superseded`, or `api.invalid` when the request id belongs to another
 * step.
 */
export async function takeOfficerStep(
  changes: Pick<ChangeLog, 'commit'>,
  site: string,
  id: Alert['id'],
  request: TransitionRequest,
  actor: string,
  nowMs: number,
): Promise<StepResult> {
  return changes.commit(async (tx, append) => {
    // The lock first: two copies of one request at the same time become first and repeat.
    const alert = await lockAlert(tx, site, id);
    if (!alert) throw new WatchpostError('api.not_found');
    const repeated = await repeatedAnswer(tx, site, id, request);
    if (repeated) return { detail: repeated, changed: false };
    if (isDone(alert, request, actor)) {
      return { detail: { alert, transitions: await transitionsOf(tx, site, id) }, changed: false };
    }
    const { to, reason, disposition } = request;
    // A note takes nothing back and decides nothing.
    if (to !== undefined || disposition !== undefined) requireSeen(alert, request.version);
    const now = new Date(nowMs).toISOString();
    const change = takeStep(alert, { to, actor, now, reason, disposition });
    if (to === 'open') await requireAlone(tx, site, id);
    await updateAlert(tx, change.alert);
    await correctIncidents(tx, site, [{ before: alert, after: change.alert }]);
    await countCandidates(tx, [{ before: alert, after: change.alert }]);
    const transitions = [...(await transitionsOf(tx, site, id)), ...change.steps];
    const [entry] = await append(entriesOf(alert, change.alert, change.steps), request.id);
    return { detail: { alert: entry?.alert ?? change.alert, transitions }, changed: true };
  });
}
