/** A row of the outbox's file. */
export interface OutboxRow {
  readonly seq: number;
  readonly urgent: number;
  readonly body: string;
  readonly captured_monotonic: number | null;
  readonly captured_boot: string | null;
}

/** An event that waits, as another outbox can take it over. */
export type WaitingEvent = Omit<OutboxRow, 'seq'>;
