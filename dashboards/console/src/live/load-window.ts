import type { AlertPage } from '@watchpost/contracts/api';
import type { ConsoleApi } from '../api/console-api.ts';
import type { Attention } from './alert-order.ts';
import { type AlertWindow, appendPage, emptyWindow } from './alert-window.ts';

/** The server answers with no more rows than this at once. */
const pageAtMost = 500;

export interface WindowAsked {
  readonly attention: Attention;
  /** How many rows; less come where the list ends before. */
  readonly rows: number;
  /** Of which site; null for all. */
  readonly site: string | null;
  /** Narrows it further, in the words of the API. */
  readonly filter: Readonly<Record<string, string>>;
  /** Told of every page as it comes. */
  readonly onPage: (page: AlertPage) => void;
}

/** Loads the beginning of a list, page by page. @throws ApiProblem */
export async function loadWindow(
  api: Pick<ConsoleApi, 'alerts'>,
  { attention, rows, site, filter, onPage }: WindowAsked,
): Promise<AlertWindow> {
  let window: AlertWindow = emptyWindow;
  do {
    const limit = Math.min(pageAtMost, rows - window.rows.length);
    const page = await api.alerts(attention, limit, window.next ?? null, site, filter);
    onPage(page);
    window = appendPage(window, page.alerts, page.next);
    if (page.alerts.length === 0) break;
  } while (window.next && window.rows.length < rows);
  return window;
}
