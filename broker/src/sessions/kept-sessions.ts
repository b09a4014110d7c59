import type { Authenticated } from '@watchpost/identity';

/** A session that is kept while its client is away, and with what it was last connected. */
export interface KeptSession {
  readonly clientId: string;
  readonly client: Authenticated;
  /** Milliseconds since its client left. */
  readonly goneForMs: number;
}

/** Sessions without a connection, so that they can be ended with the credential that they were made with. */
export interface KeptSessions {
  list(): Promise<readonly KeptSession[]>;
  /** Ends it with its queue and its client id, unless its client has come back. */
  end(clientId: string): Promise<void>;
}
