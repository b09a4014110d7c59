import type { JobHandler, JobKind, JobPayload, Scheduler } from './scheduler.ts';

interface Piece {
  readonly kind: JobKind;
  readonly key: string;
  readonly atMs: number;
  readonly payload: JobPayload;
}

/** {@link Scheduler} with a clock that a test moves. */
export class FakeScheduler implements Scheduler {
  nowMs: number;
  readonly #handlers = new Map<JobKind, JobHandler>();
  readonly #pieces = new Map<string, Piece>();

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  get size(): number {
    return this.#pieces.size;
  }

  handle(kind: JobKind, handler: JobHandler): void {
    this.#handlers.set(kind, handler);
  }

  schedule(kind: JobKind, key: string, atMs: number, payload: JobPayload = {}, keep?: 'keep'): void {
    if (keep && this.#pieces.has(`${kind} ${key}`)) return;
    this.#pieces.set(`${kind} ${key}`, { kind, key, atMs, payload });
  }

  cancel(kind: JobKind, key: string): void {
    this.#pieces.delete(`${kind} ${key}`);
  }

  /** Lets time pass; what becomes due runs in order, at its time. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const next = [...this.#pieces.values()]
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.cancel(next.kind, next.key);
      try {
        this.#handlers.get(next.kind)?.(next.key, next.payload, next.atMs);
      } catch {
        this.schedule(next.kind, next.key, this.nowMs + 1, next.payload);
      }
    }
    this.nowMs = untilMs;
  }
}
