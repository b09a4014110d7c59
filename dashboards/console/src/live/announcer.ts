import type { Alert } from '@watchpost/contracts/alert';
import { consolePolicy } from '../policy.ts';
import { type Announcement, announce } from './announcements.ts';

/**
 * Gathers what comes within one breath into one announcement. A store of its own for React: what is spoken is
 * drawn without the rest of the screen.
 */
export class Announcer {
  readonly #readers = new Set<() => void>();
  #news: Alert[] = [];
  #announcement: Announcement | null = null;
  #breath: ReturnType<typeof setTimeout> | undefined;

  readonly subscribe = (reader: () => void): (() => void) => {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  };
  readonly current = (): Announcement | null => this.#announcement;

  /** A person wants to hear of this alert. */
  hear(alert: Alert): void {
    this.#news.push(alert);
    this.#breath ??= setTimeout(() => {
      this.#breath = undefined;
      this.#announcement = announce(this.#news.splice(0));
      for (const reader of this.#readers) reader();
    }, consolePolicy.breathMs);
  }

  stop(): void {
    clearTimeout(this.#breath);
    this.#breath = undefined;
  }
}
