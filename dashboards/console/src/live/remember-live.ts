import { useEffect } from 'react';
import type { Connection } from '../api/event-stream.ts';
import { consolePolicy } from '../policy.ts';
import { remember } from './remembered.ts';
import { siteClock } from './site-clock.ts';

const note = () => remember('lastLive', new Date(siteClock.nowMs()).toISOString());

/** Remembers until when this browser was live, for the page that it shows while the server is away. */
export function useRememberLive(connection: Connection): void {
  useEffect(() => {
    if (connection !== 'live') return;
    note();
    const timer = setInterval(note, consolePolicy.noteLiveEveryMs);
    return () => {
      clearInterval(timer);
      note();
    };
  }, [connection]);
}

/**
 * Where the page is secure, a worker says so when the server is away, instead of the browser. Elsewhere there
 * is none, and nothing breaks.
 */
export function startOfflineWorker(): void {
  if (!isSecureContext || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('/offline-worker.js').catch(() => undefined);
  });
}
