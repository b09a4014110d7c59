import { WatchpostError } from '@watchpost/contracts/errors';

/** What the queue takes. */
export interface WorkLimits {
  readonly waitingAtMost: number;
  /** From a task's turn to its end, milliseconds. */
  readonly requestMs: number;
}

/**
 * One task after the other, so that one photo at a time is in memory. A task that takes too long is answered
 * with a code; the next one begins when it has ended all the same.
 */
export class WorkQueue {
  readonly #limits: WorkLimits;
  #last: Promise<unknown> = Promise.resolve();
  #unfinished = 0;

  constructor(limits: WorkLimits) {
    this.#limits = limits;
  }

  /** Tasks that wait or run. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /** @throws WatchpostError `enrolment.busy`, `enrolment.timeout`, and what the task throws */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#unfinished > this.#limits.waitingAtMost) throw new WatchpostError('enrolment.busy');
    this.#unfinished++;
    const before = this.#last;
    let begin: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const done = before.then(() => {
      begin();
      return task();
    });
    this.#last = done.catch(() => undefined).finally(() => this.#unfinished--);
    await turn;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new WatchpostError('enrolment.timeout')), this.#limits.requestMs);
    });
    return Promise.race([done, late]).finally(() => clearTimeout(timer));
  }
}
