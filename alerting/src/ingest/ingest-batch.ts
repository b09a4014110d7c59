import type { Risk } from '@watchpost/contracts/alert';
import type { Measurement, StoredEvent } from '@watchpost/contracts/wire';
import type { EventPlace } from '../places/event-place.ts';
import type { StoredContext } from '../risk/risk-context.ts';
import type { NewReject } from '../store/reject-store.ts';

/** What an event is worth, and whether the rules let it page somebody. */
export interface Assessment {
  readonly risk: Risk;
  readonly alerts: boolean;
  /** What was known around it, to be stored. */
  readonly around: StoredContext;
  /** Of an event on the way into an armed area: what it is once the entry delay is over. */
  readonly ifArmed?: Omit<Assessment, 'ifArmed'>;
}

/**
 * An event that was parsed and belongs to a device of the site. `event.time` is the corrected time, not what
 * the gateway's clock said.
 */
export interface IncomingEvent {
  readonly event: StoredEvent;
  readonly gateway: string;
  readonly device: EventPlace;
  readonly topic: string;
  readonly receivedMs: number;
  /** Too old to page anybody. */
  readonly late: boolean;
  /** Made ahead of the commit; missing until then. */
  readonly assessment?: Assessment;
  /** How old, when it is old and pages all the same, milliseconds. */
  readonly lateMs?: number;
  /**
   * Corrected time minus what the gateway's clock said, milliseconds; absent when that was taken as it was.
   */
  readonly clockOffsetMs?: number;
  /** Nobody can tell when it was captured: its time is that of the arrival. */
  readonly timeUnknown?: boolean;
}

/**
 * What will never be accepted. With a readable position it counts as handled, so that the gateway's outbox
 * does not send it for ever; the position is always one of the gateway that the topic names, which the broker
 * vouches for.
 */
export interface IncomingReject {
  readonly reject: NewReject;
  readonly position?: { readonly gateway: string; readonly epoch: string; readonly seq: number };
}

/** Proof that what a gateway says comes as far as this, decision 82. */
export interface IncomingCanary {
  readonly gateway: string;
  readonly id: string;
  /** Of the edge agent that sent it. */
  readonly version: string;
  /** When the next is to be expected. */
  readonly everyMs: number;
  /** Missing in those of the service itself. */
  readonly position?: { readonly epoch: string; readonly seq: number };
}

/** What one message brings. */
export interface IngestBatch {
  readonly events: readonly IncomingEvent[];
  readonly rejects: readonly IncomingReject[];
  readonly telemetry: readonly { readonly gateway: string; readonly measurements: readonly Measurement[] }[];
  readonly canaries: readonly IncomingCanary[];
  /** Gateways whose backlog is through: what they reported late and may still hold is decided now. */
  readonly settled: readonly string[];
}

/** Nothing to commit. */
export const emptyBatch: IngestBatch = { events: [], rejects: [], telemetry: [], canaries: [], settled: [] };

/** The batches of several messages as one; order stays. */
export function mergeBatches(batches: readonly IngestBatch[]): IngestBatch {
  return {
    events: batches.flatMap(({ events }) => events),
    rejects: batches.flatMap(({ rejects }) => rejects),
    telemetry: batches.flatMap(({ telemetry }) => telemetry),
    canaries: batches.flatMap(({ canaries }) => canaries),
    settled: [...new Set(batches.flatMap(({ settled }) => settled))],
  };
}

/** How many rows, roughly, the batch will write; never 0. */
export function rowsOfBatch(batch: IngestBatch): number {
  const measurements = batch.telemetry.reduce((sum, pack) => sum + pack.measurements.length, 0);
  return batch.events.length + batch.rejects.length + batch.canaries.length + measurements + 1;
}
