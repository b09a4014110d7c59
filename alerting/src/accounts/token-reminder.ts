import type { Logger } from 'pino';
import { deleteEndedTokens, tokensEndingBy } from '../store/api-token-store.ts';
import type { Queryable } from '../store/schema.ts';
import { apiTokenPolicy, type TokenLife } from './policy.ts';

/** How many tokens end soon, and how many have ended and are not forgotten yet. */
export interface DueTokens {
  readonly soon: number;
  readonly ended: number;
}

/** What {@link TokenReminder} needs. */
export interface TokenReminderOptions {
  readonly db: Queryable;
  readonly logger: Pick<Logger, 'warn'>;
  readonly nowMs: () => number;
  readonly life: TokenLife;
  readonly monotonicMs?: (() => number) | undefined;
}

/**
 * Counts API tokens that end soon, for the metrics, says so in the log once a day, and forgets those that
 * ended long ago. The console tells whoever manages accounts.
 */
export class TokenReminder {
  readonly #options: TokenReminderOptions;
  #due: DueTokens = { soon: 0, ended: 0 };
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: TokenReminderOptions) {
    this.#options = options;
  }

  /** As of the last {@link run}. */
  get due(): DueTokens {
    return this.#due;
  }

  /** Counts, tells and forgets. Can be repeated at any time. */
  async run(): Promise<void> {
    const { db, logger, nowMs, life } = this.#options;
    const at = (ms: number) => new Date(nowMs() + ms).toISOString();
    await deleteEndedTokens(db, at(-apiTokenPolicy.endedKeptMs));
    const rows = await tokensEndingBy(db, at(life.noticeMs), apiTokenPolicy.listedAtMost);
    const ended = rows.filter(({ expires_at }) => expires_at.getTime() <= nowMs()).length;
    this.#due = { soon: rows.length - ended, ended };
    const atMs = (this.#options.monotonicMs ?? (() => performance.now()))();
    if (rows.length === 0 || atMs - this.#toldAtMs < apiTokenPolicy.toldEveryMs) return;
    this.#toldAtMs = atMs;
    for (const { id, name, account_name: account, expires_at: expires } of rows)
      logger.warn({ account, token: id, name, expires }, 'an API token ends soon or has ended');
  }
}
