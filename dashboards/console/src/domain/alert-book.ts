import type { Alert } from '@watchpost/contracts';

interface Entry {
  readonly alert: Alert;
  /** The book's mark when this entry was last written. */
  readonly mark: number;
}

/** Every alert the console knows, each in its newest version. Immutable: a change makes a new book. */
export interface AlertBook {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Grows with every change; see {@link reloadBook}. */
  readonly mark: number;
}

export const emptyBook: AlertBook = { entries: new Map(), mark: 0 };

/** Puts an alert in; the same book comes back when the alert is not newer than what the book has. */
export function mergeAlert(book: AlertBook, alert: Alert): AlertBook {
  const known = book.entries.get(alert.id);
  if (known && known.alert.version >= alert.version) return book;
  const mark = book.mark + 1;
  return { entries: new Map(book.entries).set(alert.id, { alert, mark }), mark };
}

/**
 * Takes over a freshly loaded list. What the list does not name was closed while we were away and goes,
 * unless it was written after `sinceMark`, the book's mark when the loading began: that came over the stream meanwhile.
 * A list that ran into its page limit says nothing about what it lacks: `complete` is then false and all stays.
 */
export function reloadBook(
  book: AlertBook,
  listed: readonly Alert[],
  sinceMark: number,
  complete = true,
): AlertBook {
  const names = new Set<string>(listed.map((alert) => alert.id));
  const entries = new Map<string, Entry>();
  for (const [id, entry] of book.entries) {
    if (!complete || names.has(id) || entry.mark > sinceMark) entries.set(id, entry);
  }
  return listed.reduce(mergeAlert, { entries, mark: book.mark });
}

/** What happened to an alert between two books, as far as a person wants to hear of it. */
export function isNews(before: AlertBook, alert: Alert): boolean {
  const known = before.entries.get(alert.id)?.alert;
  if (alert.state !== 'open') return false;
  return known === undefined || known.state !== 'open' || known.severity !== alert.severity;
}

export function alertsOf(book: AlertBook): Alert[] {
  return Array.from(book.entries.values(), (entry) => entry.alert);
}
