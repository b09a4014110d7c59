import { type PermitSection, permitSectionSchema } from '@watchpost/contracts/site';
import type { TokenKind } from './tokens/token-claims.ts';

const hourS = 3_600;
const dayS = 24 * hourS;

/** Certificates; milliseconds unless a name says otherwise. */
export const certificatePolicy = {
  /** Life of a server’s certificate when nobody says otherwise; gateways’: {@link claimPolicy}. */
  serverLifeDays: 397,
  /** No certificate below the authority lives longer. */
  longestLifeDays: 825,
  /** Life of a site’s authority. */
  authorityLifeMs: 3650 * dayS * 1000,
  /**
   * Certificates are good from a little before they are made, because gateways’ clocks differ: this long, …
   */
  backdatedMs: 5 * 60_000,
  /** … of a short life less: one part in so many. */
  backdatedOneIn: 20,
} as const;

/** The certificate that a server makes for its own web pages, days. */
export const webCertificatePolicy = {
  /** Browsers take none that lives longer than 398 days. */
  lifeDays: 397,
  /** Renewed so long before it ends. */
  renewDays: 60,
} as const;

/** Longest life of a token in seconds when the configuration says nothing. */
export const standardLifeSeconds: Readonly<Record<TokenKind, number>> = {
  gateway: hourS,
  alerting: 30 * dayS,
  integrator: 30 * dayS,
  officer: 12 * hourS,
};

/** The configuration may allow tokens no longer life, seconds. */
export const longestLifeSeconds = 366 * dayS;

/** Larger tokens are refused before anything is decoded. */
export const maxTokenBytes = 4096;

/** The revocation file. */
export const revocationPolicy = {
  /** Larger files are damaged. */
  maxBytes: 32 * 1024 * 1024,
  /** How often it is looked at, milliseconds. */
  pollMs: 2000,
} as const;

/** The claim service; milliseconds unless a name says otherwise. */
export const claimPolicy = {
  /** Largest body of a request. */
  bodyBytes: 8 * 1024,
  /** For a handshake, and for a request; a connection may be silent for twice as long. */
  requestMs: 10_000,
  /** Between two requests of a connection. */
  keepAliveMs: 1000,
  /** Open connections in all. */
  connections: 200,
  /** Claims and renewals a minute from one address. */
  perMinute: 20,
  /** Addresses whose rate is remembered. */
  addresses: 10_000,
  /** Life of a certificate, days. */
  lifeDays: 90,
  /** Certificates of one gateway: a stolen key must not fill the register. */
  certificatesPerDay: 20,
  /** How long a command waits for the service’s write, and the other way round. */
  busyMs: 5000,
} as const;

/** The gateway door. */
export const doorPolicy = {
  /** Documents that one gateway may ask for in a minute: a permit every 20 s, and what changes. */
  documentsPerMinute: 60,
  /** Life of the certificates that the door makes for itself, days. */
  certificateDays: 30,
  /** How often it makes new ones, hours. */
  renewEveryHours: 24,
  /** Galleries that one gateway may fetch in a minute: one after each change of the lists. */
  galleriesPerMinute: 12,
  /** Uses of passes that one gateway may ask about or tell of in a minute. */
  passUsesPerMinute: 600,
  /** How long the door waits for who counts them, milliseconds; the gateway itself waits less. */
  passUseMs: 2_000,
  /** How long a gateway may take for a picture that it is asked for, milliseconds. */
  stillMs: 10_000,
  /** Pictures that are on their way at once, over all gateways. */
  stillsAtOnce: 8,
  /** Pictures that one gateway may bring in a minute. */
  stillsPerMinute: 60,
} as const;

/** Milliseconds; see `policy.permit` of a site file. */
export type PermitPolicy = PermitSection;
/** Permits of a site that says nothing of them. */
export const defaultPermitPolicy: PermitPolicy = permitSectionSchema.parse({});

/** What gateways are told; milliseconds. */
export const tellingPolicy = {
  /** How often what the lists say is looked at: a withdrawal is announced within this. */
  contentPollMs: 200,
} as const;

/** Who has faces, and who has erased them. */
export const galleryRecordPolicy = {
  /** How long an erasure that is done, and a folder that was shut out, stay on record, milliseconds. */
  keepMs: 400 * dayS * 1000,
  /** Folders of gateways of one site; more are refused, because a gateway could make up ever new ones. */
  holders: 5_000,
  /** Of them, those of one gateway that are not shut out. */
  holdersOfGateway: 20,
} as const;

/** The secret of a claim code. */
export const claimCodePolicy = {
  /** How long it is good when nobody says otherwise, and at most, minutes. */
  lifeMinutes: 60,
  longestLifeMinutes: 7 * 24 * 60,
  /**
   * Wrong secrets that one code bears; the 160 bits of a secret need no more protection, but guessing should
   * be seen to end.
   */
  wrongSecrets: 10,
} as const;
