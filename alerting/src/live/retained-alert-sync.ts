import type { Alert } from '@watchpost/contracts/alert';
import { alertTopic } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { AlertingPolicy } from '../policy.ts';
import { closedAmong, closedSince, unclosedPage } from '../store/retained-alerts.ts';
import type { Queryable } from '../store/schema.ts';

/** What {@link RetainedAlertSync} needs. */
export interface RetainedAlertSyncOptions {
  readonly db: Queryable;
  readonly site: string;
  readonly policy: AlertingPolicy['retained'];
  /** Publishes retained; `done` once the broker has it. */
  readonly publish: (topic: string, payload: string, done: () => void) => void;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/**
 * Brings what the broker retains in line with the store after a connection, because a broker may come back
 * empty, and alerts change while there is none: every alert that is not closed is published again, the most
 * urgent first, page by page as the broker confirms; what closed lately is taken away.
 */
export class RetainedAlertSync {
  readonly #options: RetainedAlertSyncOptions;
  /** Published as they are now since the copy began: what a page read before would be older. */
  #published = new Set<string>();
  #running: AbortController | undefined;

  constructor(options: RetainedAlertSyncOptions) {
    this.#options = options;
  }

  /** Takes note that this alert was published as it is now. */
  note(id: string): void {
    if (this.#running) this.#published.add(id);
  }

  /** The connection ended: the next one begins again. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  /**
   * Publishes everything once, or only these alerts; ends early when
   * {@link RetainedAlertSync.stop} is called. Says whether the broker has all of it. Does not throw.
   */
  async run(only?: readonly string[]): Promise<boolean> {
    const { logger } = this.#options;
    this.stop();
    const running = new AbortController();
    this.#running = running;
    this.#published = new Set();
    try {
      const open = await this.#publishOpen(running.signal, only);
      const closed = await this.#clearClosed(running.signal, only);
      if (!running.signal.aborted) logger.debug({ open, closed }, 'published what is retained again');
      return !running.signal.aborted;
    } catch (error) {
      logger.warn({ err: error }, 'retained messages could not be published again');
      return false;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  async #publishOpen(signal: AbortSignal, only: readonly string[] | undefined): Promise<number> {
    const { db, site, policy } = this.#options;
    let count = 0;
    for (let last: Alert | undefined; !signal.aborted; ) {
      const page = await unclosedPage(db, site, last, policy.pageAlerts, only);
      last = page.at(-1);
      if (last === undefined) break;
      const stale = page.filter(({ id }) => !this.#published.has(id));
      await this.#publishAll(
        stale.map((alert) => [alert.id, JSON.stringify(alert)]),
        signal,
      );
      count += page.length;
    }
    return count;
  }

  async #clearClosed(signal: AbortSignal, only: readonly string[] | undefined): Promise<number> {
    const { db, site, policy, nowMs } = this.#options;
    const ids = only
      ? await closedAmong(db, site, only)
      : await closedSince(db, site, new Date(nowMs() - policy.closedWithinMs));
    for (let from = 0; from < ids.length && !signal.aborted; from += policy.pageAlerts) {
      const page = ids.slice(from, from + policy.pageAlerts).filter((id) => !this.#published.has(id));
      await this.#publishAll(
        page.map((id) => [id, '']),
        signal,
      );
    }
    return ids.length;
  }

  /** Waits until the broker has all of them, or until the copy ends. */
  #publishAll(messages: readonly (readonly [string, string])[], signal: AbortSignal): Promise<void> {
    const { site, publish } = this.#options;
    return new Promise((resolve) => {
      if (messages.length === 0 || signal.aborted) return resolve();
      let waiting = messages.length;
      const end = () => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      signal.addEventListener('abort', end);
      for (const [id, payload] of messages) {
        publish(alertTopic(site, id), payload, () => {
          waiting -= 1;
          if (waiting === 0) end();
        });
      }
    });
  }
}
