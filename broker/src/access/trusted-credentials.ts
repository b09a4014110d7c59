import { type Authenticated, type RevocationEvents, RevocationFile } from '@watchpost/identity';
import type { BrokerConfig } from '../config.ts';
import { brokerPolicy } from '../policy.ts';
import { type Authenticator, authenticatorOf } from './authenticator.ts';
import { ReservedClientIds } from './reserved-client-ids.ts';

/** Which credentials are good at present: those of the configuration in force, without what was revoked. */
export class TrustedCredentials {
  /** The operator’s list. */
  readonly #revocations: RevocationFile | undefined;
  /** Alerting’s list of officers’ sessions that ended. */
  readonly #endedSessions: RevocationFile | undefined;
  #authenticator: Authenticator;
  #reserved: ReservedClientIds;

  constructor(config: BrokerConfig, events: RevocationEvents) {
    const { revocationFile, endedSessionsFile } = config;
    const follow = (path: string | undefined, everyMs?: number) =>
      path === undefined ? undefined : new RevocationFile(path, events, everyMs);
    this.#revocations = follow(revocationFile);
    this.#endedSessions = follow(endedSessionsFile, brokerPolicy.endedSessionsPollMs);
    this.#authenticator = this.#authenticatorOf(config);
    this.#reserved = new ReservedClientIds(config);
  }

  /** Replaced by {@link reload}: ask each time. */
  get authenticator(): Authenticator {
    return this.#authenticator;
  }

  /** Replaced by {@link reload}: ask each time. */
  get reserved(): ReservedClientIds {
    return this.#reserved;
  }

  /** Entries of the operator’s list. */
  get revocations(): number {
    return this.#revocations?.current.size ?? 0;
  }

  /** @throws WatchpostError `identity.revocations_damaged`: without its lists nothing starts. */
  async start(): Promise<void> {
    for (const file of this.#files()) await file.start();
  }

  stop(): void {
    for (const file of this.#files()) file.stop();
  }

  /** Takes identities, keys and certificates from a new configuration; the lists stay where they are. */
  reload(config: BrokerConfig): void {
    this.#authenticator = this.#authenticatorOf(config);
    this.#reserved = new ReservedClientIds(config);
  }

  #files(): readonly RevocationFile[] {
    return [this.#revocations, this.#endedSessions].filter((file) => file !== undefined);
  }

  #authenticatorOf(config: BrokerConfig): Authenticator {
    const revoke = (client: Authenticated) => this.#files().some(({ current }) => current.revoke(client));
    return authenticatorOf(config, { revocations: () => ({ revoke }) });
  }
}
