import type { Alert } from '@watchpost/contracts/alert';
import type { Scheduler } from '../jobs/scheduler.ts';
import type { AlertingPolicy } from '../policy.ts';
import { resolvedWhileActive } from '../store/active-alerts.ts';
import type { ChangeLog } from '../store/change-log.ts';
import type { Queryable } from '../store/schema.ts';
import { ConditionTimer } from './condition-timer.ts';
import { ReopenTimer } from './reopen-timer.ts';

/** What {@link AlertTimers} needs. */
export interface AlertTimersOptions {
  readonly db: Queryable;
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly site: string;
  readonly scheduler: Scheduler;
  readonly policy: AlertingPolicy;
  readonly nowMs: () => number;
  /** Gateways and devices that the site has. */
  readonly knownSources: ReadonlySet<string>;
}

/**
 * What time does to alerts: causes that nobody ends count as over, and what is forgotten while its cause
 * lasts opens again.
 */
export class AlertTimers {
  readonly #options: AlertTimersOptions;
  readonly #conditions: ConditionTimer;
  readonly #reopening: ReopenTimer;

  constructor(options: AlertTimersOptions) {
    const { changes, site, scheduler, policy, nowMs, knownSources } = options;
    this.#options = options;
    this.#conditions = new ConditionTimer({ changes, site, scheduler, policy, nowMs });
    const isKnown = ({ device }: Alert) => knownSources.has(device);
    this.#reopening = new ReopenTimer({ changes, site, scheduler, policy, nowMs, isKnown });
  }

  /** Takes note of an alert as it is stored now. */
  note(alert: Alert): void {
    this.#conditions.note(alert);
    this.#reopening.note(alert);
  }

  /**
   * Takes up what was under way before a restart; `active` are the alerts of `timedTypes` whose cause is
   * active, at least.
   */
  async start(active: readonly Alert[]): Promise<void> {
    const { db, site, policy, nowMs } = this.#options;
    for (const alert of active) this.#conditions.note(alert);
    const since = new Date(nowMs() - policy.reopens.lookBackMs);
    for (const alert of await resolvedWhileActive(db, site, since)) this.#reopening.note(alert);
  }
}
