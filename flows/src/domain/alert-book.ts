import type { Alert, AlertState, Severity } from '@watchpost/contracts/alert';
import { feedPolicy } from '../policy.ts';

/** What happened to an alert. `existing`: it was there before we looked. */
export interface AlertChange {
  readonly change: 'opened' | 'changed' | 'closed' | 'existing';
  readonly alert: Alert;
  readonly topic: string;
  readonly previousState?: AlertState;
  readonly previousSeverity?: Severity;
}

/** The open alerts as last heard, which tells a change from a repetition. */
export class AlertBook {
  readonly #alerts: Map<string, Alert>;
  /**
   * Alerts that are not closed so far as is known, and that nobody spoke of since
   * {@link AlertBook.expectAll}.
   */
  #unheard = new Set<string>();
  /** Taken for closed because nobody spoke of them: when somebody does, they are no news. */
  readonly #presumed = new Map<string, Alert>();

  /** `known`: what was known when this program ran last, oldest first. */
  constructor(known: readonly Alert[] = []) {
    this.#alerts = new Map(known.slice(-feedPolicy.rememberedAlerts).map((alert) => [alert.id, alert]));
  }

  /** Every alert that is not closed. */
  get open(): readonly Alert[] {
    return [...this.#alerts.values()];
  }

  /**
   * Takes an alert as it came in. `undefined` for a repetition or for something older than what is known.
   * `existing` says that it was stored at the broker before this program first connected.
   */
  heard(topic: string, alert: Alert, existing: boolean): AlertChange | undefined {
    this.#unheard.delete(alert.id);
    const known = this.#alerts.get(alert.id) ?? this.#presumed.get(alert.id);
    this.#presumed.delete(alert.id);
    if (known && !this.#alerts.has(alert.id) && alert.version === known.version) this.#keep(alert);
    if (known && alert.version <= known.version) return undefined;
    this.#keep(alert);
    if (!known) return { change: existing ? 'existing' : 'opened', alert, topic };
    return { change: 'changed', alert, topic, previousState: known.state, previousSeverity: known.severity };
  }

  /** The topic of this alert became empty. `undefined` when nothing was known of it. */
  closed(topic: string, id: string): AlertChange | undefined {
    const known = this.#alerts.get(id);
    if (!known) return undefined;
    this.#alerts.delete(id);
    this.#unheard.delete(id);
    const alert: Alert = { ...known, state: 'closed' };
    return { change: 'closed', alert, topic, previousState: known.state, previousSeverity: known.severity };
  }

  /** Whatever is stored at the broker comes now: what is known and does not come has closed. */
  expectAll(): void {
    this.#unheard = new Set(this.#alerts.keys());
  }

  /** Everything that is stored has come: takes what nobody spoke of for closed. */
  presumeClosed(topicOf: (alert: Alert) => string): AlertChange[] {
    return [...this.#unheard].flatMap((id) => {
      const known = this.#alerts.get(id);
      if (!known) return [];
      this.#presumed.set(id, known);
      return this.closed(topicOf(known), id) ?? [];
    });
  }

  #keep(alert: Alert): void {
    this.#alerts.delete(alert.id);
    this.#alerts.set(alert.id, alert);
    const oldest = this.#alerts.keys().next();
    if (this.#alerts.size > feedPolicy.rememberedAlerts && !oldest.done) this.#alerts.delete(oldest.value);
  }
}
