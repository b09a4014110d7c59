import type { Alert } from '@watchpost/contracts/alert';
import type { Scheduler } from '../jobs/scheduler.ts';
import { correctIncidents } from '../places/alert-incidents.ts';
import type { AlertingPolicy } from '../policy.ts';
import { causeClearedAt } from '../store/active-alerts.ts';
import { lockAlert, unresolvedSibling, updateAlert } from '../store/alert-store.ts';
import type { ChangeLog } from '../store/change-log.ts';
import { clearCondition, isUnresolved, systemActor, takeStep } from './alert-lifecycle.ts';
import { entriesOf } from './change-entry.ts';
import { causeEnd } from './condition-rules.ts';

/** What {@link ReopenTimer} needs. */
export interface ReopenTimerOptions {
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly site: string;
  readonly scheduler: Scheduler;
  readonly policy: Pick<AlertingPolicy, 'reopens'>;
  readonly nowMs: () => number;
  /** Whether the site still has what the alert is about: nothing else can ever say that the cause is over. */
  readonly isKnown: (alert: Alert) => boolean;
}

/**
 * Opens an alert again that was resolved while its cause lasts: what an event reports once and another one
 * ends (a loss, a smoke alarm, a covered lens) is said by nobody a second time, and would be forgotten.
 */
export class ReopenTimer {
  readonly #options: ReopenTimerOptions;

  constructor(options: ReopenTimerOptions) {
    this.#options = options;
    options.scheduler.handle('alert.reopen', (id) => this.#look(id));
  }

  /** Takes note of an alert as it is stored now. */
  note(alert: Alert): void {
    const { scheduler, policy } = this.#options;
    if (!this.#isForgotten(alert)) scheduler.cancel('alert.reopen', alert.id);
    else scheduler.schedule('alert.reopen', alert.id, Date.parse(alert.updatedAt) + policy.reopens.afterMs);
  }

  #isForgotten(alert: Alert): boolean {
    const { condition, state, eventType } = alert;
    return condition === 'active' && !isUnresolved(state) && causeEnd(eventType) === 'by_event';
  }

  async #look(id: string): Promise<void> {
    const { changes, site, isKnown } = this.#options;
    await changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, site, id);
      if (!alert || !this.#isForgotten(alert) || !isKnown(alert)) return;
      const now = new Date(this.#options.nowMs()).toISOString();
      if ((await causeClearedAt(tx, site, alert)) !== undefined) {
        const over = clearCondition(alert, now);
        await updateAlert(tx, over);
        await append(entriesOf(alert, over, []));
        return;
      }
      // Told again already, by an alert of its own.
      if ((await unresolvedSibling(tx, site, id)) !== undefined) return;
      const reason = 'the cause is still present';
      const change = takeStep(alert, { to: 'open', actor: systemActor, now, reason });
      await updateAlert(tx, change.alert);
      await correctIncidents(tx, site, [{ before: alert, after: change.alert }]);
      await append(entriesOf(alert, change.alert, change.steps));
    });
  }
}
