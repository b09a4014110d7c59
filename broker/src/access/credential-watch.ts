import { type Authenticated, nameOf, type Standing } from '@watchpost/identity';
import type { Client } from 'aedes';
import type { ClientHandling } from '../client-handling.ts';
import type { Audit } from '../operations/audit.ts';
import type { KeptSessions } from '../sessions/kept-sessions.ts';
import { standingPolicy } from './policy.ts';

export interface WatchedConnections {
  readonly handling: ClientHandling;
  readonly audit: Audit;
  /** Sessions of those that are away. */
  readonly kept: KeptSessions;
  /** How a session outlives the credential that it was made with. */
  readonly sessionGraceMs: number;
  standing(client: Authenticated): Standing;
  failed(error: unknown): void;
  /** Those that were admitted. */
  clients(): Readonly<Record<string, Client | undefined>>;
}

/**
 * Looks every second whether the clients that are connected are still who they may be, and closes who is not.
 */
export class CredentialWatch {
  readonly #connections: WatchedConnections;
  #timer: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(connections: WatchedConnections) {
    this.#connections = connections;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.closeWhoLostStanding();
      void this.endWhoseOwnerLostStanding();
    }, standingPolicy.everyMs);
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

  /** Ends kept sessions, with what waits in them, whose client may not come back as it was. */
  async endWhoseOwnerLostStanding(): Promise<void> {
    const { kept, sessionGraceMs, standing, audit, failed } = this.#connections;
    if (this.#ending) return;
    this.#ending = true;
    try {
      for (const { clientId, client, goneForMs } of await kept.list()) {
        const now = standing(client);
        if (now === 'good' || (now === 'expired' && goneForMs < sessionGraceMs)) continue;
        await kept.end(clientId);
        const { principal, credential } = client;
        const subject = { remote: '', client: clientId, principal, by: nameOf(credential) };
        audit.sessionEnded(now, subject);
      }
    } catch (error) {
      failed(error);
    } finally {
      this.#ending = false;
    }
  }
}
