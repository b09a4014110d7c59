import { preparedPolicy } from './policy.ts';

/**
 * What reads a hypertable: for a plan that holds for every time the server would look at each of its chunks.
 */
const readsTimeSeries = /\b(?:from|join)\s+"?(?:event|telemetry|event_hourly)\b/i;

/**
 * Names for statements that come again and again, so that the server parses and plans each once for a
 * connection. A text is named from its second use on; so many at most, as lists of different lengths make new
 * ones for ever.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  #seen = new Set<string>();
  #generation = 0;

  /** The name of a statement; undefined where it is to be sent as it is. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= preparedPolicy.statements || readsTimeSeries.test(text)) return undefined;
    if (!this.#seen.has(text)) {
      if (this.#seen.size >= preparedPolicy.remembered) this.#seen = new Set();
      this.#seen.add(text);
      return undefined;
    }
    this.#seen.delete(text);
    const name = `watchpost_${this.#generation}_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  /** What the server has prepared fits its tables no more: everything gets another name. */
  renew(): void {
    this.#names.clear();
    this.#generation++;
  }
}
