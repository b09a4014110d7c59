import type { DueRow } from '../jobs/due-step.ts';
import type { AreaState } from './area-state.ts';

/** What is due at the end of the delay that an area has; none: no delay runs. */
export function dueOfDelay(site: string, { area, phase, delay, untilMs, sinceMs }: AreaState): DueRow[] {
  if (delay === null || untilMs === null) return [];
  const kind = phase === 'entry' ? 'arming.entry' : 'arming.exit';
  const waitMs = untilMs - (sinceMs ?? untilMs);
  return [{ site, kind, key: area, version: delay, atMs: untilMs, waitMs }];
}

/** The key of a schedule of an area; the area is what stands before the space. */
export const scheduleKey = (area: string, index: number): string => `${area} ${index}`;

/** What {@link scheduleKey} made. */
export function partsOfKey(key: string): { readonly area: string; readonly index: number } {
  const [area = '', index = ''] = key.split(' ');
  return { area, index: Number(index) };
}
