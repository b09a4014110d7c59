/**
 * Served entries are dropped when so many have gathered, so that a line that never ends stays as long as
 * those who wait.
 */
const compactAt = 256;

/** First come, first served, at a constant cost however long the line is. */
export class WaitingLine<T> {
  #entries: (T | undefined)[] = [];
  #from = 0;

  get length(): number {
    return this.#entries.length - this.#from;
  }

  add(entry: T): void {
    this.#entries.push(entry);
  }

  /** The one who has waited longest; undefined when nobody does. */
  next(): T | undefined {
    const entry = this.#entries[this.#from];
    if (this.#from < this.#entries.length) this.#entries[this.#from++] = undefined;
    if (this.#from >= compactAt && this.#from * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(this.#from);
      this.#from = 0;
    }
    return entry;
  }

  clear(): void {
    this.#entries = [];
    this.#from = 0;
  }
}
