import type { Alert, RiskFactor } from '@watchpost/contracts/alert';
import type { StoredEvent } from '@watchpost/contracts/wire';
import type { StoredContext } from '../risk/risk-context.ts';

/** A stored event, as a replay takes it. */
export interface ReplayEvent {
  readonly event: StoredEvent;
  readonly gateway: Alert['gateway'];
  readonly device: string;
  readonly seq: number;
  readonly timeMs: number;
  readonly receivedMs: number;
  readonly late: boolean;
  /** What it scored when it came. */
  readonly score: number;
  /** To which alert it belongs. */
  readonly alert: string | null;
  /** What was known around it; absent in rows of before this was kept. */
  readonly context?: StoredContext;
  /** Where that is absent: how its score came about. */
  readonly factors?: readonly RiskFactor[];
}
