import type { Alert } from '@watchpost/contracts/alert';
import type { AlertCounts, GatewayStatus, HeatMap, RejectList } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { Connection } from '../api/event-stream.ts';
import type { Attention } from './alert-order.ts';
import { emptyQueue, type Queue } from './alert-queue.ts';

/** All that the screen is drawn from. Immutable: every change makes a new one. */
export interface SiteView {
  /** What is known of the sites that the person may see, by their ids. */
  readonly sites: ReadonlyMap<string, Site>;
  readonly queue: Queue;
  /**
   * What the server counts on all sites, whatever part of it the queue holds; null until the first answer.
   */
  readonly counts: AlertCounts | null;
  /** How many alerts fit a filter, in each list; null where nothing is left out. */
  readonly totals: Readonly<Record<Attention, number>> | null;
  /** Up to which version the person has seen which alert, as far as this page knows it. */
  readonly seen: ReadonlyMap<string, number>;
  /** The alert that `SiteWatch.select` asked for. */
  readonly selected: Alert | undefined;
  readonly gateways: readonly GatewayStatus[];
  readonly heat: HeatMap | null;
  readonly rejects: RejectList | null;
  readonly connection: Connection;
  /** When the server was last heard, by the site's clock, milliseconds since the epoch. */
  readonly heardMs: number | null;
  /** False until the first lists came: an empty list then means quiet, not unknown. */
  readonly loaded: boolean;
  /** Code of what went wrong with the last loading. */
  readonly problem: string | null;
}

/** Before anything was heard. */
export const emptyView: SiteView = {
  sites: new Map(),
  queue: emptyQueue,
  counts: null,
  totals: null,
  seen: new Map(),
  selected: undefined,
  gateways: [],
  heat: null,
  rejects: null,
  connection: 'connecting',
  heardMs: null,
  loaded: false,
  problem: null,
};
