import type { Alert } from '@watchpost/contracts/alert';
import type { Scheduler } from '../jobs/scheduler.ts';
import type { AlertingPolicy } from '../policy.ts';
import { lockAlert, updateAlert } from '../store/alert-store.ts';
import type { ChangeLog } from '../store/change-log.ts';
import { clearCondition, isUnresolved } from './alert-lifecycle.ts';
import { entriesOf } from './change-entry.ts';
import { clearsAfterMs } from './condition-rules.ts';

/** What {@link ConditionTimer} needs. */
export interface ConditionTimerOptions {
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly site: string;
  readonly scheduler: Scheduler;
  readonly policy: AlertingPolicy;
  readonly nowMs: () => number;
}

/** Ends causes that no event will end: some time after their last event. */
export class ConditionTimer {
  readonly #options: ConditionTimerOptions;

  constructor(options: ConditionTimerOptions) {
    this.#options = options;
    options.scheduler.handle('alert.clear', (id, { since }) => this.#clear(id, since));
  }

  /** Takes note of an alert as it is stored now. */
  note(alert: Alert): void {
    const endsMs = this.#endOf(alert);
    const { scheduler } = this.#options;
    if (endsMs !== undefined)
      scheduler.schedule('alert.clear', alert.id, endsMs, { since: alert.lastEventAt });
  }

  #endOf(alert: Alert): number | undefined {
    const afterMs = clearsAfterMs(alert.eventType, this.#options.policy);
    if (afterMs === undefined || alert.condition !== 'active' || !isUnresolved(alert.state)) return undefined;
    return Date.parse(alert.lastEventAt) + afterMs;
  }

  /** `since`: the event after which the time ran, whatever the clock says by now. */
  async #clear(id: string, since: unknown): Promise<void> {
    const { changes, site, nowMs } = this.#options;
    const later = await changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, site, id);
      if (!alert || this.#endOf(alert) === undefined) return undefined;
      // Another event came meanwhile.
      if (alert.lastEventAt !== since) return alert;
      const over = clearCondition(alert, new Date(nowMs()).toISOString());
      await updateAlert(tx, over);
      await append(entriesOf(alert, over, []));
      return undefined;
    });
    if (later) this.note(later);
  }
}
