import type { Observation } from './corroboration.ts';

/** Of each part of a window the newest time of a device is kept: for what came just now it decides. */
const partsOfWindow = 8;

interface Kept extends Omit<Observation, 'timeMs'> {
  /** The newest time of each part. */
  readonly times: Map<number, number>;
}

/**
 * What was said lately of concern, as far as it went through this service: while everything of a site does,
 * the store need not be asked what devices around an event have said. Knows from when on it is complete.
 */
export class RecentObservations {
  readonly #windowMs: number;
  readonly #kept = new Map<string, Kept>();
  #completeFromMs = Number.POSITIVE_INFINITY;
  #newestMs = Number.NEGATIVE_INFINITY;
  #prunedMs = Number.NEGATIVE_INFINITY;

  /** @param windowMs how long something corroborates */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** What was said between two times; undefined where the store may know more. */
  between(fromMs: number, toMs: number): readonly Observation[] | undefined {
    // Of what is older than that only some is kept.
    const isOld = toMs < this.#newestMs;
    if (fromMs < this.#completeFromMs || fromMs < this.#newestMs - 2 * this.#windowMs || isOld)
      return undefined;
    const found: Observation[] = [];
    for (const { times, ...said } of this.#kept.values())
      for (const timeMs of times.values())
        if (timeMs >= fromMs && timeMs <= toMs) found.push({ ...said, timeMs });
    return found;
  }

  /** The store has told everything that was said from then on, up to now. */
  learnt(fromMs: number, stored: readonly Observation[]): void {
    this.note(stored);
    this.#completeFromMs = Math.min(this.#completeFromMs, fromMs);
  }

  /** Something was committed. */
  note(observations: readonly Observation[]): void {
    const partMs = this.#windowMs / partsOfWindow;
    for (const { timeMs, ...said } of observations) {
      if (said.concern === 'none') continue;
      const key = `${said.device} ${said.zone} ${said.concern}`;
      const kept = this.#kept.get(key) ?? { ...said, times: new Map<number, number>() };
      this.#kept.set(key, kept);
      const part = Math.floor(timeMs / partMs);
      kept.times.set(part, Math.max(kept.times.get(part) ?? timeMs, timeMs));
      this.#newestMs = Math.max(this.#newestMs, timeMs);
    }
    if (this.#newestMs - this.#prunedMs > this.#windowMs) this.#prune();
  }

  /** Others may write what is not noted here. */
  forget(): void {
    this.#kept.clear();
    this.#completeFromMs = Number.POSITIVE_INFINITY;
    this.#newestMs = Number.NEGATIVE_INFINITY;
  }

  #prune(): void {
    this.#prunedMs = this.#newestMs;
    const fromMs = this.#newestMs - 3 * this.#windowMs;
    for (const [key, { times }] of this.#kept) {
      for (const [part, timeMs] of times) if (timeMs < fromMs) times.delete(part);
      if (times.size === 0) this.#kept.delete(key);
    }
  }
}
