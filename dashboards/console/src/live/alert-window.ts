import type { Alert } from '@watchpost/contracts/alert';

type Compare = (left: Alert, right: Alert) => number;

/**
 * The beginning of a list that the server orders: as much of it as was asked for. Immutable: every change
 * makes a new one.
 */
export interface AlertWindow {
  /** In order, each once. */
  readonly rows: readonly Alert[];
  /** Cursor of what follows; null when nothing does, undefined when that has to be asked anew. */
  readonly next: string | null | undefined;
}

export const emptyWindow: AlertWindow = { rows: [], next: undefined };

/** Index of the first row that does not come before the alert. */
function placeOf(rows: readonly Alert[], alert: Alert, compare: Compare): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = rows[middle];
    if (row && compare(row, alert) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Puts a changed alert where it belongs now, or takes it out when it `belongs` to the list no longer. One
 * that lies beyond the end of the window is left to the server. The same window comes back when nothing
 * changed.
 */
export function putAlert(window: AlertWindow, alert: Alert, belongs: boolean, compare: Compare): AlertWindow {
  const { rows, next } = window;
  const at = rows.findIndex((row) => row.id === alert.id);
  const known = rows[at];
  if (known && known.version >= alert.version) return window;
  const others = at < 0 ? rows : rows.toSpliced(at, 1);
  const place = placeOf(others, alert, compare);
  const isWithin = next === null || place < others.length;
  if (!belongs || !isWithin) return at < 0 ? window : { rows: others, next };
  return { rows: others.toSpliced(place, 0, alert), next };
}

/** Cuts a window that grew beyond `size` rows; what was cut has to be asked for again. */
export function cutWindow(window: AlertWindow, size: number): AlertWindow {
  return window.rows.length <= size ? window : { rows: window.rows.slice(0, size), next: undefined };
}

/** Adds the page that follows. */
export function appendPage(window: AlertWindow, page: readonly Alert[], next: string | null): AlertWindow {
  const known = new Set(window.rows.map(({ id }) => id));
  return { rows: [...window.rows, ...page.filter(({ id }) => !known.has(id))], next };
}
