import { FairLine } from '../domain/fair-line.ts';
import { TokenBucket } from '../domain/token-bucket.ts';
import { arrivalPolicy } from './policy.ts';

export interface ArrivalEvents {
  /** More arrive than may be let in at present; they wait. */
  delayed(): void;
}

/**
 * New connections: so many per second, a few per turn, one of each address after the other and of an address
 * the newest first, because the others have waited for nothing if it is one of thousands that say nothing.
 * When thousands come back at once, those who are connected are served in between, and those who come from
 * elsewhere do not wait for all of them.
 */
export class Arrivals {
  readonly #bucket: TokenBucket;
  readonly #events: ArrivalEvents;
  readonly #line = new FairLine<() => boolean>();
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(perSecond: number, events: ArrivalEvents) {
    this.#bucket = new TokenBucket(
      perSecond,
      Math.ceil(perSecond / arrivalPolicy.atOnceOneIn),
      performance.now(),
    );
    this.#events = events;
  }

  /** `letIn` says whether there was somebody to let in. */
  add(address: string, letIn: () => boolean): void {
    this.#line.add(address, letIn);
    this.#schedule(0);
  }

  /** Who waits is not let in any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#line.clear();
  }

  #schedule(waitMs: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (waitMs > 0) this.#timer = setTimeout(this.#turn, waitMs);
    else setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    let waitMs = 0;
    for (let count = 0; count < arrivalPolicy.perTurn && waitMs === 0 && this.#line.length > 0; count++) {
      if (this.#line.next()?.()) waitMs = this.#bucket.take(1, performance.now());
      else count--;
    }
    this.#scheduled = false;
    if (waitMs > 0 && this.#line.length > 0) this.#events.delayed();
    if (waitMs > 0 || this.#line.length > 0) this.#schedule(waitMs);
  };
}
