/** What a process watches: each limit begins anew with it, because what was heard is known to it alone. */
export type JobKind = 'broker.lost' | 'gateway.lost' | 'device.lost' | 'settings.broken';

/** What the work needs to know. */
export type JobPayload = Readonly<Record<string, string | number | boolean | null>>;

/** Does the work. When it throws, it is due again a little later. */
export type JobHandler = (key: string, payload: JobPayload) => void | Promise<void>;

/**
 * What a process watches by itself; work that must outlive it is in the database (`due-step.ts`). For each
 * kind and key there is at most one piece: scheduling again replaces it. Work may come late, never early, and
 * after a restart whoever scheduled it does so again; so a handler always looks whether it still holds.
 */
export interface Scheduler {
  /** Says who does the work of a kind; once, before anything of it is scheduled. */
  handle(kind: JobKind, handler: JobHandler): void;
  /** `atMs` is a time of the clock that the adapter was made with, milliseconds since the Unix epoch. */
  schedule(kind: JobKind, key: string, atMs: number, payload?: JobPayload): void;
  /** Harmless when nothing is scheduled. */
  cancel(kind: JobKind, key: string): void;
}
