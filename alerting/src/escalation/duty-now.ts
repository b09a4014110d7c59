import type { SiteId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { DutyLookup } from '../duty/roster.ts';
import type { ServerClocks } from '../ingest/clock-steps.ts';
import { escalationPolicy } from './policy.ts';

/** What {@link DutyNow} needs. */
export interface DutyNowOptions {
  readonly site: SiteId;
  readonly duty: DutyLookup;
  readonly clocks: ServerClocks;
  readonly logger: Logger;
  /** Told when somebody’s question can be answered. */
  readonly known: () => void;
}

interface Answer {
  person: string | null | undefined;
  answeredMs: number;
  askedMs: number | undefined;
}

/**
 * Who is on duty at this moment, for who holds a transaction: there is one connection where the database is
 * embedded, and the answer needs it too. So a question is asked outside of it, and answered the next time.
 */
export class DutyNow {
  readonly #options: DutyNowOptions;
  readonly #answers = new Map<string, Answer>();

  constructor(options: DutyNowOptions) {
    this.#options = options;
  }

  /** Account of who is on duty by a rota; null: nobody; undefined: asked, ask again. */
  ask(rota: string): string | null | undefined {
    const { clocks } = this.#options;
    const { dutyKnownMs, dutyAnswersWithinMs } = escalationPolicy;
    const nowMs = clocks.monotonicMs();
    const known = this.#answers.get(rota);
    if (known && known.askedMs === undefined && nowMs - known.answeredMs <= dutyKnownMs) return known.person;
    if (known?.askedMs !== undefined) return nowMs - known.askedMs > dutyAnswersWithinMs ? null : undefined;
    const answer: Answer = { person: undefined, answeredMs: 0, askedMs: nowMs };
    this.#answers.set(rota, answer);
    void this.#answer(rota, answer);
    return undefined;
  }

  async #answer(rota: string, answer: Answer): Promise<void> {
    const { duty, site, clocks, logger, known } = this.#options;
    try {
      answer.person = (await duty.onDuty(site, rota, clocks.wallMs()))?.person ?? null;
      answer.answeredMs = clocks.monotonicMs();
      answer.askedMs = undefined;
      known();
    } catch (err) {
      logger.warn({ err, rota }, 'who is on duty could not be found out, trying again');
      // Asked anew by who needs it; the time within which there is an answer goes on.
      const again = setTimeout(() => void this.#answer(rota, answer), 1_000);
      again.unref();
      if (clocks.monotonicMs() - (answer.askedMs ?? 0) > escalationPolicy.dutyAnswersWithinMs) {
        clearTimeout(again);
        answer.person = null;
        answer.answeredMs = clocks.monotonicMs();
        answer.askedMs = undefined;
        known();
      }
    }
  }
}
