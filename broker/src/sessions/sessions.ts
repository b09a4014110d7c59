import type { OutgoingPacket } from '../domain/outgoing-queue.ts';

/**
 * Sessions, queues, retained messages and wills, with limits. An adapter also has the methods that Aedes
 * expects of a persistence; what stands here is what the broker itself asks.
 */
export interface Sessions {
  readonly sessions: number;
  /** Messages not acknowledged, of all sessions. */
  readonly queued: number;
  readonly retained: { readonly messages: number; readonly bytes: number };
  /** Whether there is room for the session of this client, or it exists. */
  mayKeep(clientId: string): boolean;
  /**
   * Whether live delivery has to leave this message alone, because the client gets it, or will, from its
   * queue: so that messages stay in order and come once while a queue is being read.
   */
  holdsBack(clientId: string, packet: OutgoingPacket): boolean;
  /**
   * A retained message goes to a client that keeps its session: it is repeated if no acknowledgement comes.
   */
  trackRetained(clientId: string, packet: OutgoingPacket): void;
  /** Forgets messages and sessions that are too old; returns the client ids of the latter. */
  sweep(isConnected: (clientId: string) => boolean): readonly string[] | Promise<readonly string[]>;
}
