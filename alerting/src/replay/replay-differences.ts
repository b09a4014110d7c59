import type { Alert, Severity } from '@watchpost/contracts/alert';
import type { ReplayAnswer, ReplayDifference } from '@watchpost/contracts/api';
import { kindOf } from '../alerts/alert-subject.ts';
import { replayPolicy } from './policy.ts';

/** Counts what another rule set would have changed, and tells the first differences one by one. */
export class ReplayDifferences {
  /** Alerts that opened in the window: as it was, and as it would have been. */
  before = 0;
  after = 0;
  same = 0;
  /** Events of which not all is known that was known when they came. */
  estimated = 0;
  readonly #counts = { appears: 0, vanishes: 0, severity: 0 };
  readonly #shown: ReplayDifference[] = [];

  appears(alert: Alert): void {
    this.#tell('appears', { ...about(alert), after: alert.severity });
  }

  vanishes(alert: Alert): void {
    this.#tell('vanishes', { ...about(alert), alert: alert.id, before: alert.severity });
  }

  /** @param before its severity when the window ended */
  stays(alert: Alert, before: Severity, replayed: Alert): void {
    if (before === replayed.severity) this.same += 1;
    else
      this.#tell('severity', {
        ...about(alert),
        ...{ alert: alert.id, before, after: replayed.severity, score: replayed.risk.score },
      });
  }

  answer(): Pick<ReplayAnswer, 'alerts' | 'estimated' | 'differences' | 'unshown'> {
    const { before, after, same, estimated } = this;
    const { appears, vanishes, severity } = this.#counts;
    const differences = this.#shown.toSorted((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt));
    return {
      alerts: { ...{ before, after, same }, appear: appears, vanish: vanishes, change: severity },
      ...{ estimated, differences },
      unshown: appears + vanishes + severity - differences.length,
    };
  }

  #tell(what: ReplayDifference['what'], difference: Omit<ReplayDifference, 'what'>): void {
    this.#counts[what] += 1;
    if (this.#shown.length < replayPolicy.differencesShown) this.#shown.push({ what, ...difference });
  }
}

const about = (alert: Alert) => ({
  ...{ openedAt: alert.openedAt, zone: alert.zone, device: alert.device, eventCount: alert.eventCount },
  ...{ kind: kindOf(alert.eventType, alert.details), score: alert.risk.score },
});
