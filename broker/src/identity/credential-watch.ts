import type { Client } from 'aedes';
import type { ClientHandling } from '../client-handling.ts';
import type { Audit } from '../operations/audit.ts';

/** How late an expired or revoked client may be closed. */
const everyMs = 1000;

export interface WatchedConnections {
  readonly handling: ClientHandling;
  readonly audit: Audit;
  /** Those that were admitted. */
  clients(): Readonly<Record<string, Client | undefined>>;
}

/** Looks every second whether the clients that are connected are still who they may be, and closes who is not. */
export class CredentialWatch {
  readonly #connections: WatchedConnections;
  #timer: NodeJS.Timeout | undefined;

  constructor(connections: WatchedConnections) {
    this.#connections = connections;
  }

  start(): void {
    this.#timer = setInterval(() => this.closeWhoLostStanding(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Returns how many were closed. */
  closeWhoLostStanding(): number {
    const { handling, audit, clients } = this.#connections;
    let closed = 0;
    for (const client of Object.values(clients())) {
      const reason = client && handling.lostStanding(client);
      if (!reason) continue;
      closed++;
      audit.refused(reason, handling.subject(client));
      client.close();
    }
    return closed;
  }
}
