import { useSyncExternalStore } from 'react';

const tickMs = 1000;
const readers = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  nowMs = Date.now();
  for (const reader of readers) reader();
}

// One timer for all that show a time; it runs only while something does.
function subscribe(reader: () => void): () => void {
  if (readers.size === 0) {
    nowMs = Date.now();
    timer = setInterval(tick, tickMs);
  }
  readers.add(reader);
  return () => {
    readers.delete(reader);
    if (readers.size === 0) clearInterval(timer);
  };
}

/** The time in whole steps of `stepMs`, so that a reader draws again only when its text can have changed. */
export function useClock(stepMs: number): number {
  return useSyncExternalStore(subscribe, () => Math.floor(nowMs / stepMs) * stepMs);
}
