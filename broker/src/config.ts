import { WatchpostError } from '@watchpost/contracts/errors';
import { type Principal, principalKinds, type Scope } from '@watchpost/contracts/wire';
import { tokensSchema } from '@watchpost/identity';
import { isLoopbackHost, isReadableOnTheWay } from '@watchpost/service';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { brokerLimitsSchema } from './policy.ts';

const level = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const filters = z.array(z.string().min(1).max(256)).max(100).readonly();

/** Whoever holds a connection; `gateway` needs its gateway id. */
const principalSchema = z
  .strictObject({
    kind: z.enum(principalKinds),
    name: z.string().min(1).max(64),
    site: level,
    gateway: level.optional(),
    /** Topic filters that leave it less than its kind may do. */
    scope: z
      .strictObject({
        publish: filters.optional(),
        subscribe: filters.optional(),
      })
      .optional(),
  })
  .refine((principal) => (principal.kind === 'gateway') === (principal.gateway !== undefined), {
    path: ['gateway'],
    message: 'expected for gateways, and only for them',
  })
  .transform((principal): Principal => {
    const { gateway, scope, ...rest } = principal;
    return {
      ...rest,
      ...(gateway === undefined ? {} : { gateway }),
      ...(scope ? { scope: scope as Scope } : {}),
    };
  });

const identitySchema = z.strictObject({
  username: z.string().min(1).max(128),
  /**
   * SHA-256 of the secret, 64 hexadecimal digits. The secret itself is never given to the broker’s
   * configuration.
   */
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
  principal: principalSchema,
  /** Client ids that nobody else may use, beside the user name and the principal’s name. */
  clientIds: z.array(z.string().min(1).max(256)).max(100).default([]),
});

const tlsSchema = z
  .strictObject({
    /** PEM files; read again on reload. */
    certFile: z.string().min(1),
    keyFile: z.string().min(1),
    /**
     * Authority of client certificates; see `identity/src/authority/gateway-certificate.ts` for what they
     * must say.
     */
    clientCaFile: z.string().min(1).optional(),
    /**
     * In its place, where the gateways of several sites come here: the authority of each. The site of a
     * gateway is that of the authority that signed its certificate, and the certificate must say the same.
     */
    clientAuthorities: z
      .array(z.strictObject({ site: level, caFile: z.string().min(1) }))
      .min(1)
      .max(1000)
      .optional(),
    clientCertificate: z.enum(['required', 'optional']).default('required'),
  })
  .refine(({ clientCaFile, clientAuthorities }) => !clientCaFile || !clientAuthorities, {
    path: ['clientAuthorities'],
    message: 'expected clientCaFile or clientAuthorities, not both',
  });
export type TlsConfig = z.output<typeof tlsSchema>;

const listenerSchema = z
  .strictObject({
    type: z.enum(['tcp', 'tls', 'ws', 'wss']),
    host: z.string().min(1).default('127.0.0.1'),
    /** 0 = any free port. */
    port: z.number().int().min(0).max(65_535),
    /** Every connection begins with a PROXY header, version 1 or 2; only behind a balancer that writes it. */
    proxyProtocol: z.boolean().default(false),
    tls: tlsSchema.optional(),
    /**
     * Secrets and tokens may come here without TLS from other computers: only where the network itself is
     * protected.
     */
    insecure: z.boolean().default(false),
    /** Of WebSockets. */
    path: z.string().startsWith('/').default('/mqtt'),
    /** Web pages that may connect, as `https://host`. */
    allowedOrigins: z.array(z.string()).default([]),
  })
  .refine(({ type, tls }) => (type === 'tls' || type === 'wss') === (tls !== undefined), {
    path: ['tls'],
    message: 'expected for tls and wss, and only for them',
  });
export type ListenerConfig = z.output<typeof listenerSchema>;

/** Several brokers on one Redis behave like one. */
const clusterSchema = z.strictObject({
  /** Without password: that is in a file. */
  url: z
    .url({ protocol: /^rediss?$/ })
    .refine((url) => new URL(url).password === '', 'expected no password in the address: use passwordFile'),
  /** Holds the password and nothing else; only its owner may read it. */
  passwordFile: z.string().min(1).optional(),
  /** PEM file of the authority that signed Redis’ certificate, for `rediss:`. */
  caFile: z.string().min(1).optional(),
  /** The password, and everything that is published, may go to another computer without TLS. */
  insecure: z.boolean().default(false),
  /** In front of every key. */
  prefix: z
    .string()
    .regex(/^[\w:{}-]{1,64}$/)
    .default('watchpost:'),
  /** A broker that is silent for so long counts as dead, and its clients’ wills are published. */
  deadAfterMs: z.number().int().min(500).max(600_000).default(5000),
});

/** The broker’s configuration file. */
export const brokerConfigSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 = any free port. */
  port: z.number().int().min(0).max(65_535),
  /** As `insecure` of a listener, for this port. */
  insecure: z.boolean().default(false),
  /** Further ports beside the plain one. */
  listeners: z.array(listenerSchema).max(16).default([]),
  /** Whose gateways come with client certificates, and which of them are no longer wanted. */
  certificates: z
    .strictObject({
      /** One, or several. */
      site: z
        .union([level, z.array(level).min(1).max(1000)])
        .transform((site): string[] => (typeof site === 'string' ? [site] : site)),
      /** Gateways, `SITE/GATEWAY` where there are several sites. */
      revoked: z.array(z.string().regex(/^([A-Za-z0-9_-]{1,64}\/)?[A-Za-z0-9_-]{1,64}$/)).default([]),
    })
    .refine(({ site, revoked }) => site.length === 1 || revoked.every((entry) => entry.includes('/')), {
      path: ['revoked'],
      message: 'expected SITE/GATEWAY, because there are several sites',
    })
    .optional(),
  /** Whose signed tokens are believed. They come as password of the user name `token`. */
  tokens: tokensSchema.optional(),
  /**
   * Revoked certificates, gateways, tokens and keys; written by `watchpost gateway revoke`, followed while
   * the broker runs.
   */
  revocationFile: z.string().min(1).optional(),
  /** In its place, where there are several sites: the file of each, which counts for that site alone. */
  revocationFiles: z
    .array(z.strictObject({ site: level, file: z.string().min(1) }))
    .max(1000)
    .default([]),
  /**
   * Where the broker keeps whose a client id is, so that it is known after a restart; a cluster keeps it in
   * its Redis.
   */
  ownersFile: z.string().min(1).optional(),
  /**
   * Sessions of officers that ended before their tokens did: a revocation file that alerting writes. Followed
   * closely.
   */
  endedSessionsFile: z.string().min(1).optional(),
  /** Answers `GET /metrics` on 127.0.0.1 at this port; 0 = any free port. */
  metricsPort: z.number().int().min(0).max(65_535).optional(),
  /** Seconds between the numbers on `$SYS/broker/…`; 0 = none. */
  sysIntervalSeconds: z.number().int().min(0).max(3600).default(10),
  identities: z.array(identitySchema).default([]),
  /** Who a client without a user name is. Only on a loopback address. */
  anonymous: principalSchema.optional(),
  cluster: clusterSchema.optional(),
  limits: brokerLimitsSchema.prefault({}),
});
export type BrokerConfig = z.output<typeof brokerConfigSchema>;
export type Identity = BrokerConfig['identities'][number];

/** `startBroker`'s options: the configuration, and what a program hands over. */
export type BrokerOptions = z.input<typeof brokerConfigSchema> & {
  /** Silent when absent. */
  readonly logger?: Logger;
  /** Where the metrics go; a registry of the broker’s own when absent. */
  readonly registry?: Registry;
};

/** @throws WatchpostError `config.invalid` with the path of the setting. */
export function parseBrokerConfig(value: unknown): BrokerConfig {
  const result = brokerConfigSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new WatchpostError('config.invalid', {
      path: `/${issue?.path.map(String).join('/') ?? ''}`,
      details: { expected: issue?.message ?? 'a valid value' },
    });
  }
  const config = result.data;
  refusePlainCredentials(config);
  const hosts = [config.host, ...config.listeners.map((listener) => listener.host)];
  if (config.anonymous && !hosts.every(isLoopbackHost)) {
    throw new WatchpostError('config.invalid', {
      path: '/anonymous',
      details: { expected: 'loopback hosts only, because anyone may connect' },
    });
  }
  refuseUnknownAuthority(config);
  const names = config.identities.map((identity) => identity.username);
  if (new Set(names).size < names.length) {
    throw new WatchpostError('config.invalid', {
      path: '/identities',
      details: { expected: 'each username once' },
    });
  }
  if (config.tokens && names.includes('token')) {
    throw new WatchpostError('config.invalid', {
      path: '/identities',
      details: { expected: 'no user name “token”, which stands for signed tokens' },
    });
  }
  return config;
}

/** With several sites nothing but the authority tells whose a certificate is. */
function refuseUnknownAuthority({ certificates, listeners }: BrokerConfig): void {
  if (!certificates) return;
  const { site } = certificates;
  listeners.forEach(({ tls }, index) => {
    if (tls?.clientCaFile !== undefined && site.length > 1)
      throw new WatchpostError('config.invalid', {
        path: `/listeners/${index}/tls/clientCaFile`,
        details: { expected: 'clientAuthorities, because there are several sites' },
      });
  });
}

/** Ports on which secrets or tokens of other computers may come without TLS, by the path of their setting. */
export function insecureListeners({ host, identities, tokens, listeners }: BrokerConfig): string[] {
  if (identities.length === 0 && !tokens) return [];
  const plain = listeners.map(({ type, host }, index) => ({
    path: `/listeners/${index}/insecure`,
    isPlain: type === 'tcp' || type === 'ws',
    host,
  }));
  return [{ path: '/insecure', isPlain: true, host }, ...plain]
    .filter(({ isPlain, host }) => isPlain && !isLoopbackHost(host))
    .map(({ path }) => path);
}

function refusePlainCredentials(config: BrokerConfig): void {
  const { cluster, listeners, insecure } = config;
  const allowed = ['/insecure', ...listeners.map((_each, index) => `/listeners/${index}/insecure`)].filter(
    (_path, index) => (index === 0 ? insecure : listeners[index - 1]?.insecure),
  );
  const refused = insecureListeners(config).filter((path) => !allowed.includes(path));
  if (cluster?.passwordFile !== undefined && !cluster.insecure && isReadableOnTheWay(cluster.url))
    refused.push('/cluster/insecure');
  const [path] = refused;
  if (path !== undefined) throw new WatchpostError('config.plain_credentials', { path });
}
