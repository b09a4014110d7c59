/**
 * Deadlines in lived time. Each tick lets every running deadline grow older by one tick, so that a process
 * that stalled or slept for a minute ages by one tick and not by a minute: what came in meanwhile is read
 * before anything counts as missing.
 */
export class LivedTime {
  readonly #everyMs: number;
  readonly #running = new Map<object, { leftMs: number; readonly expired: () => void }>();
  #timer: NodeJS.Timeout | undefined;

  /** `shortestMs`: the shortest deadline to keep; ticks are a tenth of it, 5 ms to 1 s. */
  constructor(shortestMs: number) {
    this.#everyMs = Math.min(1_000, Math.max(5, shortestMs / 10));
  }

  /** `paused` is asked at each tick: while true nothing grows older. */
  start(paused: () => boolean): void {
    this.stop();
    this.#timer = setInterval(() => {
      if (!paused()) this.#tick();
    }, this.#everyMs);
  }

  /** Stops and forgets all deadlines. */
  stop(): void {
    clearInterval(this.#timer);
    this.#running.clear();
  }

  /**
   * Runs `expired` unless {@link met} is called with the same key in time. A second call with a key starts it
   * anew.
   */
  expect(key: object, withinMs: number, expired: () => void): void {
    this.#running.set(key, { leftMs: withinMs, expired });
  }

  /** As {@link expect}, but a deadline that runs already goes on. */
  expectOnce(key: object, withinMs: number, expired: () => void): void {
    if (!this.#running.has(key)) this.expect(key, withinMs, expired);
  }

  met(key: object): void {
    this.#running.delete(key);
  }

  #tick(): void {
    for (const [key, deadline] of this.#running) {
      deadline.leftMs -= this.#everyMs;
      if (deadline.leftMs > 0) continue;
      this.#running.delete(key);
      deadline.expired();
    }
  }
}
