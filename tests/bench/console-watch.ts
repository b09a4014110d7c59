import type { Page } from 'playwright-core';

/** A change of an alert that the console showed. */
export interface ShownAlert {
  readonly device: string;
  readonly eventType: string;
  /** Capture time of the newest event, milliseconds since the epoch. */
  readonly capturedAt: number;
  /** When the row was in the document. */
  readonly shownAt: number;
}

/**
 * Notes, inside the page, each row’s capture time at the moment it appears or changes. Call before the page
 * loads. Rows that are far from the screen are not in the document: a page that is to show many needs a tall
 * viewport.
 */
export async function watchConsole(page: Page): Promise<() => Promise<readonly ShownAlert[]>> {
  await page.addInitScript(() => {
    const shown: { device: string; eventType: string; capturedAt: number; shownAt: number }[] = [];
    const known = new Map<string, string>();
    Object.assign(window, { watchpostShown: shown });
    const look = () => {
      const shownAt = Date.now();
      for (const row of document.querySelectorAll<HTMLElement>('[data-testid="alert-row"]')) {
        const { alertId = '', eventTime = '', device = '', eventType = '' } = row.dataset;
        if (known.get(alertId) === eventTime) continue;
        known.set(alertId, eventTime);
        shown.push({ device, eventType, capturedAt: Date.parse(eventTime), shownAt });
      }
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      attributeFilter: ['data-event-time'],
    });
  });
  return () => page.evaluate(() => (window as unknown as { watchpostShown: ShownAlert[] }).watchpostShown);
}
