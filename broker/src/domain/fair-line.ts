/**
 * Those who wait, by key. The keys are served in turn, so that who comes with thousands waits with their own,
 * and not before everybody else. Of a key the newest is first: when more come than are served, the oldest
 * have given up by then, or never meant anything.
 */
export class FairLine<T> {
  /** In the order in which the keys are served. */
  readonly #lines = new Map<string, T[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(key: string, entry: T): void {
    const line = this.#lines.get(key) ?? [];
    if (line.length === 0) this.#lines.set(key, line);
    line.push(entry);
    this.#length++;
  }

  /** The newest of the key whose turn it is; undefined when nobody waits. */
  next(): T | undefined {
    const [first] = this.#lines;
    if (!first) return undefined;
    const [key, line] = first;
    const entry = line.pop();
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
