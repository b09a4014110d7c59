/** Pieces of work per turn of the event loop. Time cannot be measured here: most of the work comes in ticks that follow. */
const perTurn = 8;

/**
 * Work that comes in thousands when a network goes down: what clients that are gone leave to do. It is done in the order it came, a
 * little per turn, so that the others are served in between.
 */
export class PacedWork {
  #tasks: (() => void)[] = [];
  #from = 0;

  add(task: () => void): void {
    this.#tasks.push(task);
    if (this.#tasks.length === this.#from + 1) setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    for (let done = 0; done < perTurn && this.#from < this.#tasks.length; done++)
      this.#tasks[this.#from++]?.();
    if (this.#from < this.#tasks.length) {
      setImmediate(this.#turn);
      return;
    }
    this.#tasks = [];
    this.#from = 0;
  };
}
