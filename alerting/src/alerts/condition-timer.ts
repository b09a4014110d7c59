import type { Alert } from '@watchpost/contracts/alert';
import type { Scheduler } from '../jobs/scheduler.ts';
import type { AlertingPolicy } from '../policy.ts';
import { lockAlert, updateAlert } from '../store/alert-store.ts';
import type { Queryable } from '../store/schema.ts';
import { clearCondition, isUnresolved } from './alert-lifecycle.ts';
import { clearsAfterMs } from './condition-rules.ts';

/** What {@link ConditionTimer} needs. */
export interface ConditionTimerOptions {
  readonly db: Queryable;
  readonly site: string;
  readonly scheduler: Scheduler;
  readonly policy: AlertingPolicy;
  readonly nowMs: () => number;
  /** Told of an alert whose cause counts as over. */
  readonly cleared: (alert: Alert) => void;
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
    const { db, site, nowMs, cleared } = this.#options;
    const changed = await db.transaction().execute(async (tx) => {
      const alert = await lockAlert(tx, site, id);
      if (!alert || this.#endOf(alert) === undefined) return undefined;
      // Another event came meanwhile.
      if (alert.lastEventAt !== since) return alert;
      const over = clearCondition(alert, new Date(nowMs()).toISOString());
      await updateAlert(tx, over);
      return over;
    });
    if (changed?.condition === 'cleared') cleared(changed);
    else if (changed) this.note(changed);
  }
}
