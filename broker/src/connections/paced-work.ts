import { WaitingLine } from '../domain/waiting-line.ts';
import { departurePolicy } from './policy.ts';

/**
 * Work that comes in thousands when a network goes down: what clients that are gone leave to do. It is done
 * in the order it came, a little per turn, so that the others are served in between.
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
    for (let done = 0; done < departurePolicy.perTurn; done++) this.#line.next()?.();
    this.#scheduled = false;
    if (this.#line.length > 0) this.#schedule();
  };
}
