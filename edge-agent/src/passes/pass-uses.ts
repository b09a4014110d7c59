import { randomUUID } from 'node:crypto';
import type { PassUse, PassUseAnswer } from '@watchpost/contracts/wire';
import type { PassClaims, Redeemable, RedemptionResult } from '@watchpost/passes';
import { backoffMs } from '@watchpost/service';
import type { Logger } from 'pino';
import { passUsePolicy } from '../policy.ts';
import type { Redemptions } from './open-redemptions.ts';

/** A pass that was verified, and where it is shown. */
export interface ShownPass {
  readonly claims: Redeemable & Pick<PassClaims, 'aud'>;
  /** The half minute of the holder’s proof; paper passes have none. */
  readonly proof: number | undefined;
  readonly gate: string;
  readonly atMs: number;
}

/** Whether a pass is taken. */
export type UseDecision =
  | RedemptionResult
  | { readonly outcome: 'rejected'; readonly reason: 'pass.revoked' | 'pass.wrong_audience' };

/** What {@link PassUses} needs. */
export interface PassUsesOptions {
  /** What this gateway counts by itself. */
  readonly ledger: () => Pick<Redemptions, 'counted' | 'redeemAlone' | 'toTell' | 'tellLast' | 'told'>;
  /** Asks who counts for all gateways of the site; rejects without an answer within that time. */
  readonly ask: (use: PassUse, withinMs: number) => Promise<PassUseAnswer>;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/**
 * Uses of passes, counted over all gateways of a site: the server is asked before a gate opens. Without an
 * answer in time a pass is good once at this gateway, and one for a single use only at the gate that it alone
 * names. What was let in so waits on disk until it is told.
 */
export class PassUses {
  readonly #options: PassUsesOptions;
  /** Ids of questions that had no answer, of passes that were not let in: the next question repeats them. */
  readonly #unanswered = new Map<string, string>();
  readonly #open = new Set<Promise<unknown>>();
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;
  #failures = 0;
  #isWaiting = false;
  #stopped = false;

  constructor(options: PassUsesOptions) {
    this.#options = options;
  }

  /** Tells what waits from an earlier run. */
  start(): void {
    this.#tellIn(0);
  }

  /** Asks nobody any more, and waits for what is being decided. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.allSettled([...this.#open, this.#telling]);
  }

  /** @throws WatchpostError `edge.ledger_unusable`: the pass must not be taken */
  redeem(shown: ShownPass): Promise<UseDecision> {
    const deciding = this.#redeem(shown);
    const done = deciding.catch(() => undefined).finally(() => this.#open.delete(done));
    this.#open.add(done);
    return deciding;
  }

  async #redeem({ claims, proof, gate, atMs }: ShownPass): Promise<UseDecision> {
    const { iss, jti, exp, maxUses, aud } = claims;
    const { ledger, nowMs } = this.#options;
    const use: PassUse = {
      ...{ id: this.#takeId(iss, jti), iss, jti, exp, maxUses, gate },
      ...(proof === undefined ? {} : { proof }),
      ...{ at: new Date(atMs).toISOString(), taken: false },
    };
    const answer = await this.#answer(use);
    if (answer?.outcome === 'refused') return { outcome: 'rejected', reason: `pass.${answer.reason}` };
    if (answer) {
      ledger().counted(claims, proof, nowMs());
      return { outcome: 'redeemed', uses: answer.uses, left: answer.left };
    }
    const isElsewhereToo = maxUses === 1 && aud.length !== 1;
    const result: UseDecision = isElsewhereToo
      ? { outcome: 'rejected', reason: 'pass.wrong_audience' }
      : ledger().redeemAlone({ ...use, taken: true }, nowMs());
    if (result.outcome === 'redeemed') this.#tellIn(passUsePolicy.retry.firstMs);
    else this.#keepId(use);
    return result;
  }

  async #answer(use: PassUse): Promise<PassUseAnswer | undefined> {
    if (this.#stopped) return undefined;
    try {
      return await this.#options.ask(use, passUsePolicy.answerMs);
    } catch (err) {
      this.#options.log.warn({ err, gate: use.gate }, 'uses of passes are counted here: no answer');
      return undefined;
    }
  }

  /** Whoever takes the id of an earlier question has it alone: two gates must not share one count. */
  #takeId(iss: string, jti: string): string {
    const key = `${iss} ${jti}`;
    const known = this.#unanswered.get(key);
    this.#unanswered.delete(key);
    return known ?? randomUUID();
  }

  #keepId({ iss, jti, id }: PassUse): void {
    this.#unanswered.set(`${iss} ${jti}`, id);
    for (const oldest of this.#unanswered.keys()) {
      if (this.#unanswered.size <= passUsePolicy.unanswered) break;
      this.#unanswered.delete(oldest);
    }
  }

  #tellIn(ms: number): void {
    if (this.#stopped || this.#timer || this.#telling) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#telling = this.#tell().finally(() => {
        this.#telling = undefined;
        const { firstMs, maxMs } = passUsePolicy.retry;
        if (this.#isWaiting) this.#tellIn(backoffMs(this.#failures, firstMs, maxMs, Math.random()));
      });
    }, ms);
  }

  /** One round over what waits; what cannot be told now keeps nothing else from being told. */
  async #tell(): Promise<void> {
    const { ledger, ask, log } = this.#options;
    let failed = 0;
    try {
      const waiting = ledger().toTell();
      for (const use of waiting) {
        if (this.#stopped) return;
        try {
          const answer = await ask(use, passUsePolicy.tellMs);
          ledger().told(use.id);
          if (answer.outcome === 'counted' && answer.over)
            log.error({ jti: use.jti, gate: use.gate }, 'a pass was let in more often than it allows');
        } catch {
          failed += 1;
          ledger().tellLast(use);
        }
      }
      this.#isWaiting = ledger().toTell().length > 0;
    } catch (err) {
      failed += 1;
      this.#isWaiting = true;
      log.warn({ err }, 'uses of passes not told');
    }
    this.#failures = failed > 0 ? this.#failures + 1 : 0;
  }
}
