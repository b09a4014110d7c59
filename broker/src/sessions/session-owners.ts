import type { Authenticated } from '@watchpost/identity';
import { ownerOf } from '../access/reserved-client-ids.ts';

interface Owner {
  readonly client: Authenticated;
  readonly persistent: boolean;
  /** Absent after a restart, until it connects. */
  readonly connection: object | undefined;
  /** Since when there is no connection. */
  goneMs: number | undefined;
}

/**
 * Which principal a client id belongs to, while it is connected or has a session. Without this, anybody who
 * may connect could throw out a gateway, or receive its queued messages, by taking its client id.
 */
export class SessionOwners {
  readonly #owners = new Map<string, Owner>();
  readonly #nowMs: () => number;
  readonly #changed: () => void;

  /** `changed` is called whenever what {@link kept} gives may have changed. */
  constructor(nowMs: () => number = () => performance.now(), changed: () => void = () => undefined) {
    this.#nowMs = nowMs;
    this.#changed = changed;
  }

  /** False when the client id is another principal’s. */
  claim(clientId: string, client: Authenticated, persistent: boolean, connection: object): boolean {
    const owner = this.#owners.get(clientId);
    if (owner && ownerOf(owner.client.principal) !== ownerOf(client.principal)) return false;
    this.#owners.set(clientId, { client, persistent, connection, goneMs: undefined });
    if (persistent || owner?.persistent) this.#changed();
    return true;
  }

  /** Takes up what was known before a restart; who has connected meanwhile is not touched. */
  restore(clientId: string, client: Authenticated): void {
    if (this.#owners.has(clientId)) return;
    this.#owners.set(clientId, { client, persistent: true, connection: undefined, goneMs: this.#nowMs() });
  }

  /**
   * The connection is gone; a session that does not persist gives its id back. Not so when another connection
   * of the same principal took over: the id is that one’s now.
   */
  release(clientId: string, connection: object): void {
    const owner = this.#owners.get(clientId);
    if (owner?.connection !== connection) return;
    if (owner.persistent) owner.goneMs = this.#nowMs();
    else this.#owners.delete(clientId);
  }

  /** The session itself is gone. */
  forget(clientId: string): void {
    if (this.#owners.get(clientId)?.persistent) this.#changed();
    this.#owners.delete(clientId);
  }

  /** Client ids with a session to keep and, for those without a connection, for how long. */
  *kept(): Generator<{
    readonly clientId: string;
    readonly client: Authenticated;
    readonly goneForMs?: number;
  }> {
    for (const [clientId, { client, persistent, goneMs }] of this.#owners)
      if (persistent)
        yield { clientId, client, ...(goneMs === undefined ? {} : { goneForMs: this.#nowMs() - goneMs }) };
  }
}
