import { useSyncExternalStore } from 'react';
import { siteClock } from './site-clock.ts';
import { onTick } from './ticks.ts';

/**
 * The site's time in whole steps of `stepMs`, so that a reader draws again only when its text can have
 * changed.
 */
export function useClock(stepMs: number): number {
  return useSyncExternalStore(onTick, () => Math.floor(siteClock.nowMs() / stepMs) * stepMs);
}
