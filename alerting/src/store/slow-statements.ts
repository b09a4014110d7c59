import type { Logger } from 'pino';
import { shownStatementCharacters } from './policy.ts';

/** What was slow lately. */
export interface SlowReport {
  readonly count: number;
  readonly longestMs: number;
}

/** What {@link SlowStatements} needs. */
export interface SlowStatementsOptions {
  readonly limitMs: number;
  readonly shownMs: number;
  readonly logger: Logger;
  /** A clock that no one sets, milliseconds. */
  readonly monotonicMs: () => number;
}

/**
 * Notices statements of a database with one connection that keep all others waiting. The report is forgotten
 * when nothing was slow for a while.
 */
export class SlowStatements {
  readonly #options: SlowStatementsOptions;
  #count = 0;
  #longestMs = 0;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #isWork = false;

  constructor(options: SlowStatementsOptions) {
    this.#options = options;
  }

  /** From now on statements are those of work; what is made at a start may take its time. */
  begin(): void {
    this.#isWork = true;
  }

  /** Takes how long a statement ran; `text` has parameters instead of values. */
  note(tookMs: number, text: string): void {
    const { limitMs, logger, monotonicMs } = this.#options;
    if (!this.#isWork || tookMs <= limitMs) return;
    if (this.recent() === undefined) this.clear();
    this.#count++;
    this.#longestMs = Math.max(this.#longestMs, Math.round(tookMs));
    this.#lastAtMs = monotonicMs();
    logger.warn(
      { tookMs: Math.round(tookMs), statement: text.slice(0, shownStatementCharacters) },
      'slow statement',
    );
  }

  recent(): SlowReport | undefined {
    const { shownMs, monotonicMs } = this.#options;
    if (monotonicMs() - this.#lastAtMs > shownMs) return undefined;
    return { count: this.#count, longestMs: this.#longestMs };
  }

  clear(): void {
    this.#count = 0;
    this.#longestMs = 0;
    this.#lastAtMs = Number.NEGATIVE_INFINITY;
  }
}
