import { WaitingLine } from './domain/waiting-line.ts';

/**
 * Work that comes in thousands: what clients that are gone leave to do when a network goes down, or what is
 * retained for those who ask for all of it. It is done in the order it came, a little per turn, so that the
 * others are served in between.
 */
export class PacedWork {
  readonly #line = new WaitingLine<() => void>();
  readonly #perTurn: number;
  #scheduled = false;

  /** `perTurn`: pieces of work per turn of the event loop. */
  constructor(perTurn: number) {
    this.#perTurn = perTurn;
  }

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
    for (let done = 0; done < this.#perTurn; done++) this.#line.next()?.();
    this.#scheduled = false;
    if (this.#line.length > 0) this.#schedule();
  };
}

/** Gives what is there piece by piece, each in its turn. */
export async function* inTurns<T>(all: Iterable<T>, paced: PacedWork): AsyncGenerator<T> {
  for (const one of all) {
    await new Promise<void>((resolve) => paced.add(resolve));
    yield one;
  }
}
