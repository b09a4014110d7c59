import { defaultTakeoverRule, type TakeoverRule } from './policy.ts';

/**
 * Tells a reconnect over a dead connection (one takeover) from two devices with the same identity, which
 * throw each other out again and again. Remembers only client ids that were taken over lately.
 */
export class TakeoverWatch {
  readonly #rule: TakeoverRule;
  readonly #seen = new Map<string, number[]>();

  constructor(rule: TakeoverRule = defaultTakeoverRule) {
    this.#rule = rule;
  }

  /** Notes one takeover; true when two devices seem to share the id. */
  note(clientId: string, nowMs: number): boolean {
    this.#forget(nowMs);
    const times = [...(this.#seen.get(clientId) ?? []), nowMs].slice(-this.#rule.takeovers);
    this.#seen.delete(clientId);
    this.#seen.set(clientId, times);
    return times.length >= this.#rule.takeovers && nowMs - (times[0] ?? nowMs) <= this.#rule.withinMs;
  }

  /** The map is in the order of the last takeover, so the old ones are in front. */
  #forget(nowMs: number): void {
    for (const [clientId, times] of this.#seen) {
      if (nowMs - (times.at(-1) ?? 0) <= this.#rule.withinMs) return;
      this.#seen.delete(clientId);
    }
  }

  get remembered(): number {
    return this.#seen.size;
  }
}
