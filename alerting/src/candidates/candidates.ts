import type { Alert } from '@watchpost/contracts/alert';
import type {
  AlertDetail,
  CandidateAnswerRequest,
  CandidateCard,
  GatewayStatus,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { requireSeen } from '../alerts/alert-revision.ts';
import { answerCandidate } from '../alerts/candidate-answer.ts';
import { entriesOf } from '../alerts/change-entry.ts';
import { append as appendAudit } from '../governance/audit-log.ts';
import type { ListPhotos } from '../governance/list-photos.ts';
import { actorOf, type Person } from '../governance/person.ts';
import { correctIncidents } from '../places/alert-incidents.ts';
import { answerOf, lockAlert, transitionsOf, updateAlert } from '../store/alert-store.ts';
import type { ChangeLog } from '../store/change-log.ts';
import { findEntry, type StoredEntry } from '../store/list-store.ts';
import type { Queryable } from '../store/schema.ts';
import { cardOf, type Shown, shownTo } from './candidate-card.ts';
import { answerIn, candidateOf } from './candidate-of.ts';
import { countCandidates } from './count-candidates.ts';

/** What {@link Candidates} needs. */
export interface CandidatesOptions {
  readonly db: Queryable;
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly nowMs: () => number;
  readonly photos: Pick<ListPhotos, 'viewOf'>;
  /** What the gateways of a site say of their devices. */
  readonly gateways: (site: string) => readonly GatewayStatus[];
}

/**
 * Faces that looked like an entry: who it may be, shown to who decides, and their answer. Each look at an
 * entry and each answer is in the audit log; the answer does not say there for whom somebody was taken.
 */
export class Candidates {
  readonly #options: CandidatesOptions;

  constructor(options: CandidatesOptions) {
    this.#options = options;
  }

  /** The card of an alert that exists for the person. @throws WatchpostError `api.not_found` */
  async card(person: Person, alert: Alert): Promise<CandidateCard> {
    const { shown, candidate } = await this.#shown(person, alert);
    const faces = this.#options
      .gateways(alert.site)
      .flatMap(({ devices }) => devices)
      .find(({ device }) => device === alert.device)?.faces;
    if (shown.entry)
      await this.#note(this.#options.db, person, alert, 'candidate_viewed', null, { list: candidate.list });
    return cardOf(alert, candidate, shown, faces);
  }

  /**
   * One enrolled photo of the entry as JPEG, while the candidate is to be decided; that it was seen, and why,
   * is in the audit log before.
   * @throws WatchpostError `api.not_found`, `list.enrolment_away`
   */
  async photo(person: Person, alert: Alert, index: number, reason: string): Promise<Uint8Array> {
    const { shown } = await this.#shown(person, alert);
    if (!shown.entry || !shown.seePhotos) throw new WatchpostError('api.not_found');
    return this.#options.photos.viewOf(person, shown.entry, index, reason);
  }

  /**
   * Confirms or refuses, once: a repeat of the same request id changes nothing and gets the first answer.
   * @throws WatchpostError `api.not_found`, `alert.stale`, `alert.transition`, or `api.invalid` when the
   *   request id belongs to another step
   */
  async answer(
    person: Person,
    { site, id }: Pick<Alert, 'site' | 'id'>,
    request: CandidateAnswerRequest,
  ): Promise<AlertDetail> {
    const { changes, nowMs } = this.#options;
    return changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, site, id);
      if (!alert || !candidateOf(alert)) throw new WatchpostError('api.not_found');
      const repeated = await repeatedAnswer(tx, alert, request);
      if (repeated) return repeated;
      const { answer, note, version } = request;
      const isDone =
        answerIn(alert.disposition) === answer &&
        (answer === 'refused' ? alert.resolvedBy : alert.acknowledgedBy) === person.name;
      if (isDone) return { alert, transitions: await transitionsOf(tx, site, id) };
      requireSeen(alert, version);
      const now = new Date(nowMs()).toISOString();
      const change = answerCandidate(alert, { answer, actor: person.name, now, note });
      await updateAlert(tx, change.alert);
      const pair = { before: alert, after: change.alert };
      await correctIncidents(tx, site, [pair]);
      await countCandidates(tx, [pair]);
      const transitions = [...(await transitionsOf(tx, site, id)), ...change.steps];
      await append(entriesOf(alert, change.alert, change.steps), request.id);
      await this.#note(tx, person, alert, 'candidate_answered', note ?? null, { answer });
      return { alert: change.alert, transitions };
    });
  }

  async #shown(person: Person, alert: Alert) {
    const candidate = candidateOf(alert);
    if (!candidate) throw new WatchpostError('api.not_found');
    const { entry: id } = candidate;
    // By the alert, which is in their zones: whether the entry may be shown is decided beside it.
    const whole = [{ site: alert.site, zones: null }];
    const entry: StoredEntry | undefined =
      id === undefined ? undefined : await findEntry(this.#options.db, whole, id);
    const shown: Shown = shownTo(person, alert, entry);
    return { candidate, shown };
  }

  async #note(
    db: Queryable,
    person: Person,
    { site, id, device }: Pick<Alert, 'site' | 'id' | 'device'>,
    action: 'candidate_viewed' | 'candidate_answered',
    reason: string | null,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    await appendAudit(db, {
      ...{ at: new Date(this.#options.nowMs()).toISOString(), actor: actorOf(person), action, reason },
      ...{ site: site as SiteId, subject: { kind: 'alert', id }, outcome: 'done' },
      details: { ...details, device },
    });
  }
}

/** What the request with this id was answered the first time, if there was one. */
async function repeatedAnswer(
  tx: Queryable,
  { site, id }: Alert,
  { id: request, answer }: CandidateAnswerRequest,
): Promise<AlertDetail | undefined> {
  const earlier = await answerOf(tx, site, request);
  if (!earlier) return undefined;
  if (earlier.alert.id !== id || answerIn(earlier.alert.disposition) !== answer)
    throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id not used before' } });
  return { alert: earlier.alert, transitions: await transitionsOf(tx, site, id, earlier.position) };
}
