const hourMs = 3_600_000;
const hoursPerDay = 24;

/** How many people a camera sees in a day: counts by the hour, nothing about anybody. */
export class DailyTraffic {
  readonly #hours = new Map<number, number>();
  #since: number | null = null;

  /** Somebody was seen at `atMs` (milliseconds since the epoch). A clock that steps back starts afresh. */
  count(atMs: number): void {
    const hour = Math.floor(atMs / hourMs);
    if (this.#since !== null && atMs < this.#since) this.#hours.clear();
    if (this.#since === null || atMs < this.#since) this.#since = atMs;
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + 1);
    for (const known of this.#hours.keys()) if (known <= hour - hoursPerDay) this.#hours.delete(known);
  }

  /**
   * People per day over the last 24 hours, or over what has passed since the first was seen; null before an
   * hour has.
   */
  perDay(nowMs: number): number | null {
    const elapsed = this.#since === null ? 0 : nowMs - this.#since;
    if (elapsed < hourMs) return null;
    const oldest = Math.floor(nowMs / hourMs) - hoursPerDay;
    let people = 0;
    for (const [hour, count] of this.#hours) if (hour > oldest) people += count;
    return people * Math.max(1, (hoursPerDay * hourMs) / elapsed);
  }
}
