import type { Principal } from '@watchpost/contracts';

/** A principal is the same whether it comes with a secret, a token or a certificate; a kind is never another kind. */
export const ownerOf = ({ kind, site, name, gateway }: Principal): string =>
  `${kind} ${site} ${gateway ?? name}`;

/**
 * Which principal a client id belongs to, while it is connected or has a session. Without this, anybody who may
 * connect could throw out a gateway, or receive its queued messages, by taking its client id.
 */
export class SessionOwners {
  readonly #owners = new Map<string, { principal: string; persistent: boolean; connection: object }>();

  /** False when the client id is another principal’s. */
  claim(clientId: string, principal: string, persistent: boolean, connection: object): boolean {
    const owner = this.#owners.get(clientId);
    if (owner && owner.principal !== principal) return false;
    this.#owners.set(clientId, { principal, persistent, connection });
    return true;
  }

  /**
   * The connection is gone; a session that does not persist gives its id back. Not so when another connection of the
   * same principal took over: the id is that one’s now.
   */
  release(clientId: string, connection: object): void {
    const owner = this.#owners.get(clientId);
    if (owner?.connection === connection && !owner.persistent) this.#owners.delete(clientId);
  }

  /** The session itself is gone. */
  forget(clientId: string): void {
    this.#owners.delete(clientId);
  }
}
