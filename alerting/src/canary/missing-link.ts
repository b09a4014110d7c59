import type { ChainLink } from '@watchpost/contracts/api';

/** How far canaries of one sender have come: times of a clock that nobody sets, missing before the first. */
export interface Passage {
  /** The newest that came from the broker; of the service’s own, that it was made. */
  readonly arrivedMs?: number | undefined;
  /** The newest that was seen to be committed. */
  readonly storedMs?: number | undefined;
  /** The newest that was seen to have come out at the end. */
  readonly toldMs?: number | undefined;
}

/**
 * The link at which canaries are missing; undefined while they come out in time. The first link that none
 * came over in time is the one.
 * @param sinceMs nothing is expected before this plus `limitMs`
 */
export function missingLink(
  { arrivedMs, storedMs, toldMs }: Passage,
  sinceMs: number,
  limitMs: number,
  nowMs: number,
): Exclude<ChainLink, 'broker' | 'stream'> | undefined {
  const isMissing = (atMs: number | undefined) => nowMs - Math.max(atMs ?? sinceMs, sinceMs) > limitMs;
  if (!isMissing(toldMs)) return undefined;
  if (isMissing(arrivedMs)) return 'gateway';
  return isMissing(storedMs) ? 'store' : 'senders';
}
