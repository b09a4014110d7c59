import { isDollarTopic } from '@watchpost/contracts/wire';

interface Level<T> {
  readonly children: Map<string, Level<T>>;
  readonly values: Map<string, T>;
}

const level = <T>(): Level<T> => ({ children: new Map(), values: new Map() });

/** Finds, for a topic, what was added under every filter that matches it, without looking at the others. */
export class SubscriptionTree<T> {
  readonly #root: Level<T> = level();

  /** Adds or replaces the value of `key` under `filter`. */
  set(filter: string, key: string, value: T): void {
    let at = this.#root;
    for (const name of filter.split('/')) {
      let next = at.children.get(name);
      if (!next) {
        next = level();
        at.children.set(name, next);
      }
      at = next;
    }
    at.values.set(key, value);
  }

  delete(filter: string, key: string): void {
    const path: { parent: Level<T>; name: string; child: Level<T> }[] = [];
    let at = this.#root;
    for (const name of filter.split('/')) {
      const child = at.children.get(name);
      if (!child) return;
      path.push({ parent: at, name, child });
      at = child;
    }
    at.values.delete(key);
    for (const { parent, name, child } of path.reverse()) {
      if (child.values.size > 0 || child.children.size > 0) return;
      parent.children.delete(name);
    }
  }

  /** Every `[key, value]` whose filter matches; a key once per filter. */
  match(topic: string): [string, T][] {
    const found: [string, T][] = [];
    const names = topic.split('/');
    const wildcardsFrom = isDollarTopic(topic) ? 1 : 0; // [MQTT-4.7.2-1]
    const walk = (at: Level<T>, depth: number): void => {
      const name = names[depth];
      if (depth >= wildcardsFrom) take(at.children.get('#'), found); // also its parent: a/# matches a (§4.7.1.2)
      if (name === undefined) {
        take(at, found);
        return;
      }
      const exact = at.children.get(name);
      if (exact) walk(exact, depth + 1);
      const any = depth >= wildcardsFrom ? at.children.get('+') : undefined;
      if (any) walk(any, depth + 1);
    };
    walk(this.#root, 0);
    return found;
  }
}

function take<T>(at: Level<T> | undefined, found: [string, T][]): void {
  if (at) for (const entry of at.values) found.push(entry);
}
