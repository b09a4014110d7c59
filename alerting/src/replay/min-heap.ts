/**
 * Takes items in any order and gives them in ascending order of a key; equal ones by `tie`, then as they
 * came.
 */
export class MinHeap<Item> {
  readonly #items: { readonly key: number; readonly count: number; readonly item: Item }[] = [];
  readonly #tie: (a: Item, b: Item) => number;
  #count = 0;

  constructor(tie: (a: Item, b: Item) => number = () => 0) {
    this.#tie = tie;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The smallest key; infinite where there is none. */
  get next(): number {
    return this.#items[0]?.key ?? Number.POSITIVE_INFINITY;
  }

  push(key: number, item: Item): void {
    this.#items.push({ key, item, count: this.#count++ });
    let at = this.#items.length - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(at, above)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  pop(): Item | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#items.length === 0) return first.item;
    this.#items[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2])
        if (below < this.#items.length && this.#isBefore(below, least)) least = below;
      if (least === at) return first.item;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#items[left], this.#items[right]];
    if (!a || !b) return false;
    return (a.key - b.key || this.#tie(a.item, b.item) || a.count - b.count) < 0;
  }

  #swap(left: number, right: number): void {
    const [a, b] = [this.#items[left], this.#items[right]];
    if (a && b) [this.#items[left], this.#items[right]] = [b, a];
  }
}
