import type { GatewayState } from '@watchpost/contracts/wire';
import type { ClockEstimate } from '../ingest/event-time.ts';
import { timePolicy } from '../ingest/policy.ts';

/** What the states of one gateway told of its clock. */
export interface ClockHistory extends ClockEstimate {
  /** Whether the gateway corrects its times itself. */
  readonly corrects: boolean;
  /** A state that a later one may bear out. */
  readonly earlier: { readonly clockMs: number; readonly delayMs: number } | null;
}

/** Of a gateway that said nothing yet. */
export const noClockHistory: ClockHistory = { offsetMs: null, corrects: false, earlier: null };

/**
 * Takes note of a state. A gateway that measures says its offset. Of an older one, or one that knows none,
 * two states tell it that were made some time apart and came with the same delay: what the broker had kept
 * for long, singly or many, does not agree.
 */
export function observeState(
  history: ClockHistory,
  state: Pick<GatewayState, 'status' | 'time' | 'clockOffsetMs' | 'clockSource'>,
  receivedMs: number,
): ClockHistory {
  const corrects = state.clockSource !== undefined;
  // A will was made when the gateway connected.
  if (state.status === 'offline') return { ...noClockHistory, corrects };
  if (state.clockOffsetMs !== null) return { offsetMs: 0 - state.clockOffsetMs, corrects, earlier: null };
  const clockMs = Date.parse(state.time);
  const sample = { clockMs, delayMs: receivedMs - clockMs };
  const { earlier, offsetMs } = history;
  if (earlier === null) return { offsetMs: null, corrects, earlier: sample };
  const agrees = Math.abs(sample.delayMs - earlier.delayMs) < timePolicy.clockWrongAboveMs;
  if (!agrees) return { offsetMs: null, corrects, earlier: sample };
  if (Math.abs(clockMs - earlier.clockMs) < timePolicy.samplesApartMs) return { offsetMs, corrects, earlier };
  return { offsetMs: Math.min(sample.delayMs, earlier.delayMs), corrects, earlier: sample };
}
