import type { SettlePolicy } from '../policy.ts';

interface Backlog {
  readonly sinceMs: number;
  newestMs: number;
}

/**
 * Gateways that reported something late which may still hold, and when their backlog counts as through: when
 * the gateway says that nothing waits, when nothing late came for a while, or when it took too long. Times
 * are of a clock that nobody sets.
 */
export class Backlogs {
  readonly #policy: SettlePolicy;
  readonly #backlogs = new Map<string, Backlog>();

  constructor(policy: SettlePolicy) {
    this.#policy = policy;
  }

  /** Something late that may still hold came from these gateways. */
  reported(gateways: readonly string[], nowMs: number): void {
    for (const gateway of gateways) {
      const { sinceMs } = this.#backlogs.get(gateway) ?? { sinceMs: nowMs };
      this.#backlogs.set(gateway, { sinceMs, newestMs: nowMs });
    }
  }

  /** Something late came that may say more about what was reported. */
  continues(gateway: string, nowMs: number): void {
    const backlog = this.#backlogs.get(gateway);
    if (backlog) backlog.newestMs = nowMs;
  }

  /** The gateway says that nothing waits any more. @returns whether something was open. */
  drained(gateway: string): boolean {
    return this.#backlogs.delete(gateway);
  }

  /** Gateways whose backlog counts as through by now; each is named once. */
  takeDue(nowMs: number): string[] {
    const due = [...this.#backlogs].filter(
      ([, { sinceMs, newestMs }]) =>
        nowMs - newestMs >= this.#policy.quietMs || nowMs - sinceMs >= this.#policy.atMostMs,
    );
    for (const [gateway] of due) this.#backlogs.delete(gateway);
    return due.map(([gateway]) => gateway);
  }
}
