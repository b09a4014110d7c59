import type { Measurement, Risk, SiteDevice, StoredEvent } from '@watchpost/contracts';
import type { NewReject } from '../store/reject-store.ts';

/** Where an event comes from: a device of the site, or what stands for one. */
export type EventPlace = Pick<SiteDevice, 'id' | 'gateway' | 'zone' | 'at'>;

/** What an event is worth, and whether the rules let it page somebody. */
export interface Judgement {
  readonly risk: Risk;
  readonly alerts: boolean;
}

/** An event that was parsed and belongs to a device of the site. */
export interface IncomingEvent {
  readonly event: StoredEvent;
  readonly gateway: string;
  readonly device: EventPlace;
  readonly topic: string;
  readonly receivedMs: number;
  /** Too old to page anybody. */
  readonly late: boolean;
  /** Made ahead of the commit; missing until then. */
  readonly judgement?: Judgement;
}

/**
 * What will never be accepted. With a readable position it counts as handled, so that the gateway's outbox does not
 * send it for ever; the position is always one of the gateway that the topic names, which the broker vouches for.
 */
export interface IncomingReject {
  readonly reject: NewReject;
  readonly position?: { readonly gateway: string; readonly epoch: string; readonly seq: number };
}

/** What one message brings. */
export interface Work {
  readonly events: readonly IncomingEvent[];
  readonly rejects: readonly IncomingReject[];
  readonly telemetry: readonly { readonly gateway: string; readonly measurements: readonly Measurement[] }[];
}

export const noWork: Work = { events: [], rejects: [], telemetry: [] };

export function joinWork(works: readonly Work[]): Work {
  return {
    events: works.flatMap(({ events }) => events),
    rejects: works.flatMap(({ rejects }) => rejects),
    telemetry: works.flatMap(({ telemetry }) => telemetry),
  };
}

/** How many rows, roughly, the work will write; never 0. */
export function sizeOf(work: Work): number {
  const measurements = work.telemetry.reduce((sum, pack) => sum + pack.measurements.length, 0);
  return work.events.length + work.rejects.length + measurements + 1;
}
