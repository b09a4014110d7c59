import type { Alert } from '@watchpost/contracts/alert';
import { consolePolicy } from '../policy.ts';
import { type Attention, attentionOf, attentions, orderIn } from './alert-order.ts';
import { type AlertWindow, appendPage, cutWindow, emptyWindow, putAlert } from './alert-window.ts';

/** The beginning of each list of alerts. */
export type Queue = Readonly<Record<Attention, AlertWindow>>;

/** Nothing known of any list. */
export const emptyQueue: Queue = { waiting: emptyWindow, in_work: emptyWindow, done: emptyWindow };

/** Changes that are remembered while lists are on their way. */
const recentAtMost = 2_000;

/**
 * The beginning of the server's lists as this page knows it: what was loaded, with what the stream and
 * answers have said since. It holds as many rows of each list as were asked for, and up to a page more.
 */
export class AlertQueue {
  /** How many rows each list was asked for. */
  readonly #wanted: Record<Attention, number> = { waiting: 0, in_work: 0, done: 0 };
  /** What was heard since the loading in progress began: the lists may be older. */
  #recent = new Map<string, Alert>();
  #queue = emptyQueue;
  /** Whether an alert is among those that are shown; `listed`: it is already. */
  #fits: (alert: Alert, listed: boolean) => boolean = () => true;

  /** Immutable: every change makes a new one. */
  get lists(): Queue {
    return this.#queue;
  }

  /** How many rows of a list are to be loaded; a page at least. */
  wanted(attention: Attention): number {
    return Math.max(consolePolicy.pageSize, this.#wanted[attention]);
  }

  /** Lists are being asked for: what is heard from now on is put upon them. */
  expect(): void {
    this.#recent = new Map();
    for (const attention of attentions) this.#wanted[attention] = this.wanted(attention);
  }

  /** The lists that were asked for have come. */
  replace(loaded: Queue): void {
    this.#queue = this.#cut([...this.#recent.values()].reduce((queue, one) => this.#put(queue, one), loaded));
  }

  /** A page more of a list is asked for. */
  grow(attention: Attention): void {
    const rows = this.#queue[attention].rows.length;
    this.#wanted[attention] = Math.max(this.#wanted[attention], rows) + consolePolicy.pageSize;
  }

  /**
   * The page that follows the cursor `after` has come; when the list was loaded anew meanwhile, it belongs to
   * another end and is left out.
   */
  append(attention: Attention, after: string, page: readonly Alert[], next: string | null): void {
    const window = this.#queue[attention];
    if (window.next !== after) return;
    this.replace({ ...this.#queue, [attention]: appendPage(window, page, next) });
  }

  /** Takes in a version of an alert, unless a newer one is there. */
  put(alert: Alert): void {
    this.#recent.set(alert.id, alert);
    // A storm must not fill the page's memory; what is dropped here is loaded again by and by.
    if (this.#recent.size > recentAtMost) this.#recent.delete(this.#recent.keys().next().value ?? '');
    this.#queue = this.#cut(this.#put(this.#queue, alert));
  }

  /** The newest version of an alert that is known here. */
  known(id: string): Alert | undefined {
    const found = [
      this.#recent.get(id),
      ...attentions.map((attention) => this.#queue[attention].rows.find((row) => row.id === id)),
    ].filter((alert) => alert !== undefined);
    return found.sort((left, right) => right.version - left.version)[0];
  }

  /** Lets go what was scrolled to; whether that was anything. */
  shorten(): boolean {
    if (attentions.every((attention) => this.#wanted[attention] <= consolePolicy.pageSize)) return false;
    for (const attention of attentions) this.#wanted[attention] = consolePolicy.pageSize;
    this.#queue = this.#cut(this.#queue);
    return true;
  }

  /** Other alerts are to be shown: nothing is known of their lists. */
  clear(fits = this.#fits): void {
    this.#fits = fits;
    for (const attention of attentions) this.#wanted[attention] = consolePolicy.pageSize;
    this.#queue = emptyQueue;
  }

  #put(queue: Queue, alert: Alert): Queue {
    const isListed = attentions.some((attention) => queue[attention].rows.some(({ id }) => id === alert.id));
    return put(queue, alert, this.#fits(alert, isListed));
  }

  #cut(queue: Queue): Queue {
    let next = queue;
    for (const attention of attentions) {
      const window = cutWindow(queue[attention], this.#wanted[attention] + consolePolicy.pageSize);
      if (window !== queue[attention]) next = { ...next, [attention]: window };
    }
    return next;
  }
}

/** Puts a changed alert into the list where it belongs, if into any, and takes it out of the others. */
function put(queue: Queue, alert: Alert, isShown: boolean): Queue {
  const belongsTo = isShown ? attentionOf(alert.state) : undefined;
  let next = queue;
  for (const attention of attentions) {
    const window = putAlert(queue[attention], alert, attention === belongsTo, orderIn[attention]);
    if (window !== queue[attention]) next = { ...next, [attention]: window };
  }
  return next;
}
