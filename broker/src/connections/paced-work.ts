import { WaitingLine } from '../domain/waiting-line.ts';

/** Pieces of work per turn of the event loop. Time cannot be measured here: most of the work comes in ticks that follow. */
const perTurn = 8;

/**
 * Work that comes in thousands when a network goes down: what clients that are gone leave to do. It is done in the order it came, a
 * little per turn, so that the others are served in between.
 */
export class PacedWork {
  readonly #line = new WaitingLine<() => void>();
  #scheduled = false;

  add(task: () => void): void {
    this.#line.add(task);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    for (let done = 0; done < perTurn; done++) this.#line.next()?.();
    this.#scheduled = false;
    if (this.#line.length > 0) this.#schedule();
  };
}
