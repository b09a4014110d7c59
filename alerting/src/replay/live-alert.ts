import type { Alert } from '@watchpost/contracts/alert';

/** An alert as there was one. */
export interface LiveAlert {
  readonly alert: Alert;
  readonly groupKey: string;
  /** It was there before the window began. */
  readonly isBefore: boolean;
  readonly openedMs: number;
}

/** A step by which an alert ended, or was opened again. */
export interface LiveStep {
  readonly alert: string;
  readonly atMs: number;
  readonly ends: boolean;
}
