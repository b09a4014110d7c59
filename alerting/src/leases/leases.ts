import { systemGateway } from '../health/loss-finding.ts';
import type { Queryable } from '../store/schema.ts';

/** Of the work that is done once for all sites of a server, where a lease names a site. */
export const wholeServer = '';

/** Name of a service that nobody gave one. */
export const firstService = 'alerting';

/** How this service shares the gateways with others of its database. */
export interface LeaseState {
  /** Name of this service; undefined where no other can be. */
  readonly name: string | undefined;
  /** Services that are alive, this one included. */
  readonly services: number;
  /** Of each site, how many gateways this service speaks for. */
  readonly held: ReadonlyMap<string, number>;
  /** Of each site, gateways that nobody speaks for although somebody should by now. */
  readonly unheld: ReadonlyMap<string, number>;
  /** Another service has taken the name of this one, which does nothing since then. */
  readonly isReplaced: boolean;
}

/**
 * Who speaks for a gateway: one service at a time commits what it says. The lease of {@link systemGateway}
 * is that of the work that is done once for a site, and with {@link wholeServer} once for the server.
 */
export interface Leases {
  readonly state: LeaseState;
  /** Whether this service speaks for a gateway, as far as it knows; a commit finds out. */
  holds(site: string, gateway: string): boolean;
  /** The same, where nothing checks it afterwards: it may be false though nobody else does. */
  surelyHolds(site: string, gateway: string): boolean;
  /**
   * Keeps the leases of these gateways from changing hands before the transaction ends.
   * @throws LeaseLost when one of them has
   */
  require(tx: Queryable, site: string, gateways: readonly string[]): Promise<void>;
  /** Calls `changed` whenever this service gains or loses gateways, until the returned function is called. */
  onChange(changed: () => void): () => void;
}

/** Somebody else speaks for these gateways now: nothing of theirs may be committed here. */
export class LeaseLost extends Error {
  readonly gateways: readonly string[];

  constructor(gateways: readonly string[]) {
    super(`another service has ${gateways.join(', ')}`);
    this.gateways = gateways;
  }
}

/** Where one service has the database for itself. */
export const allHeld: Leases = {
  state: { name: undefined, services: 1, held: new Map(), unheld: new Map(), isReplaced: false },
  holds: () => true,
  surelyHolds: () => true,
  require: async () => undefined,
  onChange: () => () => undefined,
};

/** Whether this service does what is done once for a site. */
export const leads = (leases: Leases, site: string): boolean => leases.surelyHolds(site, systemGateway);
