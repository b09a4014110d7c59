/** What is watched by a limit: that nothing is heard, or that a file is broken. */
export type JobKind = 'broker.lost' | 'gateway.lost' | 'device.lost' | 'settings.broken';

/** What the work needs to know. */
export type JobPayload = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Does the work. It waits for nothing: what it schedules and cancels holds together with its being done.
 * @param dueMs when it was due, by the clock as it is now
 */
export type JobHandler = (key: string, payload: JobPayload, dueMs: number) => void;

/**
 * Work of whoever leads a site. For each kind and key there is at most one piece. Work may come late, never
 * early, and another process may have scheduled it; so a handler always looks whether it still holds. Nothing
 * is scheduled for what is heard: whoever finds that something was heard meanwhile moves on.
 */
export interface Scheduler {
  /** Says who does the work of a kind; once, before anything of it is scheduled. */
  handle(kind: JobKind, handler: JobHandler): void;
  /**
   * `atMs` is a time of the clock that the adapter was made with, milliseconds since the Unix epoch. Of what
   * is scheduled already the new one counts, or with `keep` the one that is there: it may be of a process
   * before this one.
   */
  schedule(kind: JobKind, key: string, atMs: number, payload?: JobPayload, keep?: 'keep'): void;
  /** Harmless when nothing is scheduled. */
  cancel(kind: JobKind, key: string): void;
}
