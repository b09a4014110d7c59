import { type Authenticated, type RevocationEvents, RevocationFile } from '@watchpost/identity';
import type { BrokerConfig } from '../config.ts';
import { brokerPolicy } from '../policy.ts';
import { type Authenticator, authenticatorOf } from './authenticator.ts';
import { ReservedClientIds } from './reserved-client-ids.ts';

interface SiteRevocations {
  /** Absent: every site. */
  readonly site?: string;
  readonly file: RevocationFile;
}

/** Which credentials are good at present: those of the configuration in force, without what was revoked. */
export class TrustedCredentials {
  /** The operator’s lists: one, or one for each site, which counts there alone. */
  readonly #revocations: readonly SiteRevocations[];
  /** Alerting’s list of officers’ sessions that ended. */
  readonly #endedSessions: RevocationFile | undefined;
  #authenticator: Authenticator;
  #reserved: ReservedClientIds;

  constructor(config: BrokerConfig, events: RevocationEvents) {
    const { revocationFile, revocationFiles, endedSessionsFile } = config;
    const follow = (path: string | undefined, everyMs?: number) =>
      path === undefined ? undefined : new RevocationFile(path, events, everyMs);
    const all = follow(revocationFile);
    this.#revocations = [
      ...(all ? [{ file: all }] : []),
      ...revocationFiles.map(({ site, file }) => ({ site, file: new RevocationFile(file, events) })),
    ];
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
    return this.#revocations.reduce((sum, { file }) => sum + file.current.size, 0);
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
    return [...this.#revocations.map(({ file }) => file), this.#endedSessions].filter(
      (file) => file !== undefined,
    );
  }

  #authenticatorOf(config: BrokerConfig): Authenticator {
    const revoke = (client: Authenticated) =>
      this.#endedSessions?.current.revoke(client) === true ||
      this.#revocations.some(
        ({ site, file }) =>
          (site === undefined || site === client.principal.site) && file.current.revoke(client),
      );
    return authenticatorOf(config, { revocations: () => ({ revoke }) });
  }
}
