import { WaitingLine } from './waiting-line.ts';

/** A waiting line per key, served in turn: who comes with thousands waits behind their own, and not before everybody else. */
export class FairLine<T> {
  /** In the order in which the keys are served. */
  readonly #lines = new Map<string, WaitingLine<T>>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(key: string, entry: T): void {
    const line = this.#lines.get(key) ?? new WaitingLine<T>();
    if (line.length === 0) this.#lines.set(key, line);
    line.add(entry);
    this.#length++;
  }

  /** The one who has waited longest of the key whose turn it is; undefined when nobody waits. */
  next(): T | undefined {
    const [first] = this.#lines;
    if (!first) return undefined;
    const [key, line] = first;
    const entry = line.next();
    this.#length--;
    this.#lines.delete(key);
    if (line.length > 0) this.#lines.set(key, line);
    return entry;
  }

  clear(): void {
    this.#lines.clear();
    this.#length = 0;
  }
}
