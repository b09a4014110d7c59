import { GatewayClock } from '../clock/gateway-clock.ts';

/** A clock of a machine that is right and of which no server has said so yet. For tests only. */
export function rightClock(): GatewayClock {
  return new GatewayClock({ wallMs: Date.now, monotonicMs: () => performance.now() }, { lastServerMs: 0 });
}
