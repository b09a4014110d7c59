import type { TLSSocket, Server as TlsServer } from 'node:tls';
import rateLimit from '@fastify/rate-limit';
import { errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import {
  claimRequestSchema,
  parseWith,
  renewalRequestSchema,
  type ServerAddresses,
} from '@watchpost/contracts/wire';
import { limitKey, MetricsEndpoint, plainAddress } from '@watchpost/service';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { peerCertificate } from '../authority/peer-certificate.ts';
import { type ClaimAction, ClaimAudit } from '../claims/claim-audit.ts';
import { ClaimRefused } from '../claims/claim-handler.ts';
import { claimPolicy, doorPolicy } from '../policy.ts';
import { documentPaths, documentRoutes, hostOf } from './document-routes.ts';
import { DoorAudit } from './door-audit.ts';
import { type DoorIdentity, type DoorTls, doorTls } from './door-certificates.ts';
import { type DoorDocuments, noDocuments } from './door-documents.ts';
import type { DoorGalleries } from './door-galleries.ts';
import type { DoorPasses } from './door-passes.ts';
import type { DoorProbes } from './door-probes.ts';
import { type DoorSite, openDoorSite } from './door-site.ts';
import type { DoorStills } from './door-stills.ts';
import { galleryRoutes } from './gallery-routes.ts';
import { passUseRoute } from './pass-use-route.ts';
import { probeRoute } from './probe-route.ts';
import { stillRoute } from './still-route.ts';

/** What {@link startGatewayDoor} needs. */
export interface GatewayDoorOptions {
  /** Folders of the sites’ authorities, one at least; the first one’s certificate is shown to strangers. */
  readonly authorities: readonly string[];
  readonly identity: DoorIdentity;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** What gateways fetch; absent: nothing. */
  readonly documents?: DoorDocuments;
  /** Faces for gateways that may look for them; absent: none. */
  readonly galleries?: DoorGalleries;
  /** Who counts uses of passes; absent: nobody, and gateways go on by themselves. */
  readonly passes?: DoorPasses | undefined;
  /** Who waits for pictures; absent: nobody. */
  readonly stills?: DoorStills | undefined;
  /** Cameras that are tried before they are written; absent: none are. */
  readonly probes?: DoorProbes | undefined;
  /**
   * Address of the broker for gateways, `mqtts://host:port`; for `:port` the host that they called counts.
   */
  readonly broker?: string | undefined;
  /** Address of the door for gateways where another computer stands before it; default what they called. */
  readonly publicDoor?: string | undefined;
  /** Answers `GET /metrics` on 127.0.0.1; absent: nowhere. */
  readonly metricsPort?: number | undefined;
  /** Days that a gateway’s certificate is good; {@link claimPolicy} unless given. */
  readonly lifeDays?: number | undefined;
  /** Claims and renewals per minute from one address; {@link claimPolicy} unless given. */
  readonly perMinute?: number | undefined;
  readonly logger?: Logger | undefined;
  readonly registry?: Registry | undefined;
  readonly nowMs: () => number;
}

/** A running door. */
export interface GatewayDoor {
  readonly port: number;
  readonly metricsPort: number | undefined;
  metrics(): Promise<string>;
  /** Whether a gateway of a site, with a certificate of this serial number, was shut out. */
  isOut(site: string, gateway: string, serial: string): boolean;
  /** Reads the server certificate again. @throws WatchpostError `config.invalid`; the old one stays then */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

const dayMs = 24 * 3_600_000;

/**
 * The one HTTPS listener that gateways call. Without a certificate: `GET /ca` and `POST /claim`; with that of
 * a gateway: `POST /renew`, `GET /site-part`, `GET /permit`, `GET /server`, and what {@link galleryRoutes},
 * {@link passUseRoute}, {@link probeRoute} and {@link stillRoute} answer. Which site and which gateway it is
 * says the certificate. It is the only process that holds the authorities’ keys.
 * @throws WatchpostError `config.data_folder`, `config.invalid`, `config.port_taken`,
 *   `identity.revocations_damaged`
 */
export async function startGatewayDoor(options: GatewayDoorOptions): Promise<GatewayDoor> {
  const { identity, host, nowMs, documents = noDocuments } = options;
  const { lifeDays = claimPolicy.lifeDays, perMinute = claimPolicy.perMinute } = options;
  const log = options.logger ?? pino({ level: 'silent' });
  const registry = options.registry ?? new Registry();
  const sites: DoorSite[] = [];
  const closeSites = () => sites.forEach((site) => void site.close());
  let tls: DoorTls;
  try {
    for (const folder of options.authorities)
      sites.push(await openDoorSite(folder, { nowMs, lifeMs: lifeDays * dayMs, log }));
    tls = await doorTls(sites, identity, nowMs());
  } catch (error) {
    closeSites();
    throw error;
  }
  const endpoint =
    options.metricsPort === undefined ? undefined : new MetricsEndpoint(registry, options.metricsPort);
  const app = fastify({
    https: {
      ...contextOf(tls),
      // By the name that is asked for: what changes is asked for anew.
      SNICallback: (name, done) => done(null, tls.contexts.get(name.toLowerCase())),
      minVersion: 'TLSv1.2',
      requestCert: true,
      // `/claim` comes without one; the other routes look at it themselves
      rejectUnauthorized: false,
      handshakeTimeout: claimPolicy.requestMs,
    },
    bodyLimit: claimPolicy.bodyBytes,
    requestTimeout: claimPolicy.requestMs,
    connectionTimeout: 2 * claimPolicy.requestMs,
    keepAliveTimeout: claimPolicy.keepAliveMs,
    forceCloseConnections: true,
  });
  const server = app.server as unknown as TlsServer;
  server.maxConnections = claimPolicy.connections;
  const audits = {
    claims: new ClaimAudit(log, registry, () => performance.now()),
    documents: new DoorAudit(log, registry, () => performance.now()),
  };
  let port = options.port;
  const addresses = (site: string, called: string): ServerAddresses | undefined => {
    const keys = documents.keys(site);
    const { broker, publicDoor } = options;
    const [first] = sites;
    if (keys.length === 0 || broker === undefined) return undefined;
    return {
      broker: broker.startsWith(':') ? `mqtts://${called || 'localhost'}${broker}` : broker,
      // The broker shows the certificate of the first site’s authority.
      ...(first && first.id !== site ? { brokerAuthority: first.authority.certificatePem } : {}),
      door: publicDoor ?? `https://${called || 'localhost'}:${port}`,
      keys: keys.map(({ kid, publicKey }) => ({ kid, publicKey })),
    };
  };
  await answer(app, { audits, sites, perMinute, addresses, documents });
  if (options.passes) passUseRoute(app, { sites, passes: options.passes, audit: audits.documents });
  if (options.probes) probeRoute(app, { sites, probes: options.probes, audit: audits.documents });
  if (options.stills) stillRoute(app, { sites, stills: options.stills, audit: audits.documents });
  if (options.galleries) galleryRoutes(app, { sites, galleries: options.galleries, audit: audits.documents });
  const renew = async () => {
    tls = await doorTls(sites, identity, nowMs());
    server.setSecureContext(contextOf(tls));
  };
  const renewals = setInterval(() => {
    renew().catch((error: unknown) => log.error({ err: error }, 'server certificate not made anew'));
  }, doorPolicy.renewEveryHours * 3_600_000);

  const stop = async () => {
    clearInterval(renewals);
    await app.close();
    await endpoint?.stop();
    closeSites();
  };
  try {
    await app.listen({ host, port: options.port });
    await endpoint?.start();
  } catch (cause) {
    await stop();
    if (cause instanceof WatchpostError) throw cause;
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new WatchpostError(taken ? 'config.port_taken' : 'config.invalid', {
      details: { host, port: options.port },
      cause,
    });
  }
  const address = app.server.address();
  if (address && typeof address === 'object') port = address.port;
  log.info({ host, port, sites: sites.map(({ id }) => id) }, 'gateway door listens');
  return {
    port,
    get metricsPort() {
      return endpoint?.port;
    },
    metrics: () => registry.metrics(),
    isOut: (site, gateway, serial) => sites.some(({ id, isOut }) => id === site && isOut(gateway, serial)),
    async reload() {
      await renew();
      log.info('certificates read again');
    },
    stop,
  };
}

const contextOf = ({ cert, key, ca }: DoorTls) => ({ cert, key, ca: [...ca] });

interface Answering {
  readonly audits: { readonly claims: ClaimAudit; readonly documents: DoorAudit };
  readonly sites: readonly DoorSite[];
  readonly perMinute: number;
  readonly documents: DoorDocuments;
  readonly addresses: (site: string, host: string) => ServerAddresses | undefined;
}

interface SiteQuery {
  /** Whose authority is meant; left out: the first one’s, as gateways of the last version ask. */
  readonly site?: string;
  /** Whether the answer may say where the server is. */
  readonly addresses?: string;
}

async function answer(app: FastifyInstance, parts: Answering): Promise<void> {
  const { audits, sites, perMinute, addresses } = parts;
  const remoteOf = (request: FastifyRequest) => plainAddress(request.socket.remoteAddress ?? '');
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    cache: claimPolicy.addresses,
    keyGenerator: (request) => limitKey(remoteOf(request)),
    errorResponseBuilder: () => new WatchpostError('identity.too_many_requests'),
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const known = error instanceof WatchpostError ? error : httpError(error);
    const fault = known instanceof ClaimRefused ? known.fault : known.details.fault;
    const action = actionOf(request.url);
    if (action) {
      const said = fault === undefined ? undefined : String(fault);
      audits.claims.refused(action, remoteOf(request), known.code, said);
    } else audits.documents.refused(documentOf(request.url), remoteOf(request), known.code);
    const { status, summary } = errorRegistry[known.code];
    return reply.code(status).send({ code: known.code, message: summary });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 'api.not_found', message: errorRegistry['api.not_found'].summary }),
  );
  const siteOf = ({ site }: SiteQuery): DoorSite | undefined =>
    site === undefined ? sites[0] : sites.find(({ id }) => id === site);
  const withAddresses = (query: SiteQuery, site: string, request: FastifyRequest) => {
    const server = query.addresses === undefined ? undefined : addresses(site, hostOf(request));
    return server ? { server } : {};
  };
  app.get<{ Querystring: SiteQuery }>('/ca', (request, reply) => {
    const site = siteOf(request.query);
    if (!site) throw new WatchpostError('api.not_found');
    return reply.type('application/x-pem-file').send(site.authority.certificatePem);
  });
  app.post<{ Querystring: SiteQuery }>('/claim', async (request) => {
    const { id, secret, request: pem } = parseWith(claimRequestSchema, request.body, 'api.invalid');
    const site = siteOf(request.query);
    if (!site) throw new ClaimRefused('identity.claim_refused', 'unknown');
    const { certificate, ...record } = await site.claims.claim(id, secret, pem);
    audits.claims.issued('claim', remoteOf(request), record);
    return { certificate, ...withAddresses(request.query, site.id, request) };
  });
  app.post<{ Querystring: SiteQuery }>('/renew', async (request) => {
    const { request: pem } = parseWith(renewalRequestSchema, request.body, 'api.invalid');
    const socket = request.raw.socket as TLSSocket;
    const peer = peerCertificate(socket);
    // The site whose authority signed it; where none did, the first one says what is wrong.
    const site = sites.find((each) => each.hasSigned(socket.getPeerX509Certificate())) ?? sites[0];
    if (!site) throw new ClaimRefused('identity.renewal_refused', 'no_certificate');
    const { certificate, ...record } = await site.claims.renew(peer, pem);
    audits.claims.issued('renew', remoteOf(request), record);
    return { certificate, ...withAddresses(request.query, site.id, request) };
  });
  documentRoutes(app, { sites, documents: parts.documents, audit: audits.documents, addresses });
}

const actionOf = (url: string): ClaimAction | undefined => {
  if (url.startsWith('/claim')) return 'claim';
  return url.startsWith('/renew') ? 'renew' : undefined;
};

/** A constant word for metrics, whatever was asked for. */
const documentOf = (url: string): string =>
  [...Object.values(documentPaths), '/server', '/ca', '/gallery-keys', '/erasure-receipts', '/pass-uses']
    .find((path) => url.split('?')[0] === path)
    ?.slice(1) ??
  ['gallery', 'stills', 'camera-probes'].find((word) => url.startsWith(`/${word}/`)) ??
  'other';

/** What fastify itself refuses: bodies that are too large or not JSON. */
function httpError({ statusCode = 500 }: { statusCode?: number }): WatchpostError {
  if (statusCode === 413) return new WatchpostError('wire.too_large');
  return new WatchpostError(statusCode < 500 ? 'api.invalid' : 'api.internal');
}
