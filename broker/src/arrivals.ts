import { TokenBucket } from './domain/token-bucket.ts';

/** Let in per turn of the event loop: most of what an arrival costs comes in turns that follow. */
const perTurn = 8;

export interface ArrivalEvents {
  /** More arrive than may be let in at present; they wait. */
  delayed(): void;
}

/**
 * New connections, in the order they came: so many per second, a few per turn. When thousands come back at once, those who are
 * connected are served in between.
 */
export class Arrivals {
  readonly #bucket: TokenBucket;
  readonly #events: ArrivalEvents;
  #waiting: (() => void)[] = [];
  #from = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(perSecond: number, events: ArrivalEvents) {
    this.#bucket = new TokenBucket(perSecond, Math.ceil(perSecond / 5), performance.now());
    this.#events = events;
  }

  add(letIn: () => void): void {
    this.#waiting.push(letIn);
    if (this.#waiting.length === this.#from + 1 && !this.#timer) setImmediate(this.#turn);
  }

  /** Who waits is not let in any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#from = 0;
  }

  readonly #turn = (): void => {
    this.#timer = undefined;
    for (let count = 0; count < perTurn && this.#from < this.#waiting.length; count++) {
      this.#waiting[this.#from++]?.();
      const waitMs = this.#bucket.take(1, performance.now());
      if (waitMs === 0) continue;
      if (this.#from < this.#waiting.length) this.#events.delayed();
      this.#timer = setTimeout(this.#turn, waitMs);
      return;
    }
    if (this.#from < this.#waiting.length) setImmediate(this.#turn);
    else this.#waiting = [];
    if (this.#waiting.length === 0) this.#from = 0;
  };
}
