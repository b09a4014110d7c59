import { WatchpostError } from '@watchpost/contracts/errors';
import type { AdmittedTry } from './login-limits.ts';

interface Waiting {
  readonly order: number;
  readonly go: () => void;
  readonly turnAway: () => void;
}

/** What decides who comes next. */
export type QueuePriority = Pick<AdmittedTry, 'lane' | 'failures'>;

/**
 * The line for what costs a core and much memory. Browsers that succeeded before come first, then whoever
 * comes from where fewest tries failed. When too many wait, the last of that order is turned away, whoever it
 * is.
 */
export class PasswordQueue {
  readonly #atOnce: number;
  readonly #waitingAtMost: number;
  #running = 0;
  #line: Waiting[] = [];

  constructor(atOnce: number, waitingAtMost: number) {
    this.#atOnce = atOnce;
    this.#waitingAtMost = waitingAtMost;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /**
   * Runs `work` in its turn. @throws WatchpostError `api.login_busy` when it was turned away: `work` did not
   * begin then.
   */
  async run<T>(priority: QueuePriority, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#wait(priority);
    else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next) next.go();
      else this.#running--;
    }
  }

  #wait({ lane, failures }: QueuePriority): Promise<void> {
    return new Promise((go, refuse) => {
      const order = lane === 'known' ? -1 : failures;
      const turnAway = () => refuse(new WatchpostError('api.login_busy'));
      const behind = this.#line.findIndex((other) => other.order > order);
      this.#line.splice(behind < 0 ? this.#line.length : behind, 0, { order, go, turnAway });
      if (this.#line.length > this.#waitingAtMost) this.#line.pop()?.turnAway();
    });
  }
}
