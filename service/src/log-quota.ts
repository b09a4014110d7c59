import { defaultLogQuota, type LogQuotaRule } from './policy.ts';

/**
 * Decides whether a repeated line may be written, so that a flood of errors cannot become a flood of logs.
 */
export class LogQuota {
  readonly #rule: LogQuotaRule;
  readonly #windows = new Map<string, { startMs: number; lines: number; suppressed: number }>();

  constructor(rule: LogQuotaRule = defaultLogQuota) {
    this.#rule = rule;
  }

  /**
   * `undefined` when the line must not be written; otherwise how many of its kind were left out since the
   * last one. `kind` comes from a fixed set, never from the network.
   */
  take(kind: string, nowMs: number): number | undefined {
    let window = this.#windows.get(kind);
    if (!window || nowMs - window.startMs >= this.#rule.windowMs) {
      window = { startMs: nowMs, lines: 0, suppressed: window?.suppressed ?? 0 };
      this.#windows.set(kind, window);
    }
    if (window.lines >= this.#rule.lines) {
      window.suppressed++;
      return undefined;
    }
    window.lines++;
    const suppressed = window.suppressed;
    window.suppressed = 0;
    return suppressed;
  }
}
