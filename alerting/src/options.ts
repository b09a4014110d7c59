import type { ComponentHealth, Site } from '@watchpost/contracts';
import type { Logger } from 'pino';
import type { OfficerTokenOptions } from './http/officer-token.ts';
import type { FlowsUpstream } from './http/routes/flows-proxy.ts';
import type { AccountOptions } from './http/sessions.ts';
import type { BrokerOptions } from './ingest/broker-link.ts';
import type { AlertingPolicy } from './policy.ts';
import type { StoreOptions } from './store/open-store.ts';

/** What `startAlerting` needs. Everything but `probes` and `logger` is plain data. */
export interface AlertingOptions {
  readonly site: Site;
  readonly store: StoreOptions;
  readonly broker: BrokerOptions;
  readonly http: {
    /** Address to listen on; 127.0.0.1 unless others shall reach it. */
    readonly host: string;
    /** 0 takes any free port. */
    readonly port: number;
    /** Marks the session cookie `Secure`; set it behind HTTPS. */
    readonly secureCookie?: boolean;
    /** Opens `/metrics` to `Authorization: Bearer …`. */
    readonly scrapeToken?: string;
  };
  /** Folder of the built console. */
  readonly consoleFolder?: string;
  /** Node-RED behind `/flows`. */
  readonly flowsUpstream?: FlowsUpstream;
  /** Signs tokens with which officers’ apps follow alerts at the broker; without it they get none. */
  readonly officerTokens?: OfficerTokenOptions;
  /** Accounts that exist, with this role and password, once the service is up. */
  readonly accounts?: readonly AccountOptions[];
  /** Health of what the composer runs beside. */
  readonly probes?: Readonly<Record<string, () => ComponentHealth>>;
  /** Numbers that differ from `defaultPolicy`. */
  readonly policy?: Partial<AlertingPolicy>;
  readonly logger?: Logger;
}

/** The running service. */
export interface AlertingService {
  /** The API and the console, without a slash at the end. */
  readonly address: string;
  readonly port: number;
  /** Stops everything; a commit in flight ends first. Harmless the second time. */
  stop(): Promise<void>;
}
