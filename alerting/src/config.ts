import type { ComponentHealth } from '@watchpost/contracts/api';
import type {
  NamedRuleSet,
  ServerFile,
  Site,
  SiteFile,
  SiteGate,
  SitePrivacy,
} from '@watchpost/contracts/site';
import type { Logger } from 'pino';
import type { AccountOptions } from './accounts/configured-accounts.ts';
import type { OfficerTokenOptions } from './accounts/officer-token.ts';
import type { OidcSettings } from './accounts/oidc/oidc-settings.ts';
import type { LoginPolicy } from './accounts/policy.ts';
import type { SessionPolicy } from './accounts/sessions.ts';
import type { Enroller } from './governance/enroller.ts';
import type { HttpLimits } from './http/new-app.ts';
import type { PublicAddressOptions } from './http/public-address.ts';
import type { CertificateFiles } from './http/served-certificate.ts';
import type { FlowsOptions } from './http/server.ts';
import type { BrokerOptions } from './ingest/broker-link.ts';
import type { ChannelOptions } from './notify/open-channels.ts';
import type { AlertingPolicy } from './policy.ts';
import type { SiteEditor } from './site-editing/site-editor.ts';
import type { StillSource } from './stills/still-source.ts';
import type { StoreOptions } from './store/open-store.ts';

/** One site of a server. */
export interface SiteOptions {
  readonly site: Site;
  /** Policy of the site file. */
  readonly policy?: SiteFile['policy'];
  /** By which its events are judged; absent: the built-in rules hold. */
  readonly ruleSet?: NamedRuleSet;
  /** What officers are to do, as the site file says it. */
  readonly instructions?: SiteFile['instructions'];
  /** What its file has on record of looking for faces; absent: nothing. */
  readonly privacy?: SitePrivacy;
  /** Where its passes may let somebody in; absent: nowhere. */
  readonly gates?: readonly SiteGate[];
  /** Host name on its address plates; absent: that of the public address. */
  readonly plateDomain?: string | undefined;
  /** What differs from `broker` of the server: as whom to connect for this site. */
  readonly broker?: Partial<BrokerOptions>;
}

/** What `startAlerting` needs. All but `probes`, `enroller`, `siteEditor` and `logger` is plain data. */
export interface AlertingOptions {
  /** The sites of this server, one at least; each id once. */
  readonly sites: readonly SiteOptions[];
  /** Of this service, where others use the same database server: letters, digits, `_` and `-`. */
  readonly name?: string;
  /** Sites that should run here and cannot, for the health page and the metrics. */
  readonly sitesAway?: readonly { readonly id: string; readonly error: string }[];
  readonly store: StoreOptions;
  readonly broker: BrokerOptions;
  readonly http: Omit<PublicAddressOptions, 'isTls'> & {
    /** Address to listen on; 127.0.0.1 unless others shall reach it. */
    readonly host: string;
    /** 0 takes any free port. */
    readonly port: number;
    /** HTTPS; without it plain HTTP, on loopback or behind a proxy. */
    readonly tls?: CertificateFiles;
    /** Opens `/metrics` to `Authorization: Bearer …`. */
    readonly scrapeToken?: string;
    /** Deadlines and shares of connections. */
    readonly limits?: Partial<HttpLimits>;
    readonly login?: Partial<LoginPolicy>;
    readonly sessions?: Partial<SessionPolicy>;
  };
  /** Folder of the built console. */
  readonly consoleFolder?: string;
  /** Node-RED behind a proxy on a port of its own, on the host of `http`; port 0 takes any free one. */
  readonly flows?: FlowsOptions & { readonly port: number };
  /** Signs tokens with which officers’ apps follow alerts at the broker; without it they get none. */
  readonly officerTokens?: Omit<OfficerTokenOptions, 'ended'> & {
    /** Where the broker reads which sessions ended before their tokens did. */
    readonly endedSessionsFile?: string;
  };
  /**
   * The accounts: these and no others exist, with this role and password, once the service is up. Absent: as
   * they are.
   */
  readonly accounts?: readonly AccountOptions[];
  /** Without `accounts`: a link for the first administrator that was made before there was a database. */
  readonly firstLink?: { readonly tokenHash: string; readonly expires: string } | undefined;
  /** Without `accounts`: the socket file at which commands about accounts are answered. */
  readonly adminSocket?: string;
  /** Of the server: permits are written and receipts read there. Without it lists reach no gateway. */
  readonly dataFolder?: string;
  /** Folder of the key rings that sign passes, one of each site; without it none are issued. */
  readonly passKeys?: string;
  /** The same for address plates. */
  readonly plateKeys?: string;
  /** The socket file at which uses of passes are counted. */
  readonly passSocket?: string;
  /** Whoever owns the site files; without it they are not edited here. */
  readonly siteEditor?: SiteEditor;
  /** Whoever can ask gateways for pictures; without it nobody sees any here. */
  readonly stills?: StillSource;
  /** What makes templates of photos; without it entries of lists get no photos. */
  readonly enroller?: Enroller;
  /** Log-in through an identity provider: `logIn.oidc` of the server file. */
  readonly oidc?: OidcSettings;
  /** By which ways people are told; without it nobody is told outside of the console. */
  readonly channels?: ChannelOptions;
  /** Health of what the composer runs beside. */
  readonly probes?: Readonly<Record<string, () => ComponentHealth>>;
  /** Policy of the server file. */
  readonly serverPolicy?: ServerFile['policy'];
  /** Numbers that differ from `defaultPolicy` and from the files, on every site. */
  readonly policy?: Partial<AlertingPolicy>;
  readonly logger?: Logger;
}
