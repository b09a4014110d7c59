import type { TLSSocket, Server as TlsServer } from 'node:tls';
import rateLimit from '@fastify/rate-limit';
import { errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { claimRequestSchema, parseWith, renewalRequestSchema } from '@watchpost/contracts/wire';
import { limitKey, MetricsEndpoint, plainAddress, readTlsFiles } from '@watchpost/service';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { authorityFolder } from '../authority/authority-files.ts';
import { openAuthority } from '../authority/authority-folder.ts';
import { peerCertificate } from '../authority/peer-certificate.ts';
import { claimPolicy } from '../policy.ts';
import { RevocationFile } from '../revocations/revocation-file.ts';
import { type ClaimAction, ClaimAudit } from './claim-audit.ts';
import { ClaimHandler, ClaimRefused } from './claim-handler.ts';
import { ClaimRegister } from './claim-register.ts';

export interface ClaimServiceOptions {
  /** The authority’s folder. */
  readonly folder: string;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Answers `GET /metrics` on 127.0.0.1; absent: nowhere. */
  readonly metricsPort?: number | undefined;
  /** Days that a gateway’s certificate is good; {@link claimPolicy} unless given. */
  readonly lifeDays?: number | undefined;
  /** Claims and renewals per minute from one address; {@link claimPolicy} unless given. */
  readonly perMinute?: number | undefined;
  readonly logger?: Logger | undefined;
  readonly registry?: Registry | undefined;
  readonly nowMs?: (() => number) | undefined;
}

/** A running claim service. */
export interface ClaimService {
  readonly port: number;
  readonly metricsPort: number | undefined;
  metrics(): Promise<string>;
  /** Reads the server certificate again. @throws WatchpostError `config.invalid`; the old one stays then */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

const dayMs = 24 * 3_600_000;

/**
 * HTTPS for gateways: `GET /ca`, `POST /claim` with a claim code, `POST /renew` with the certificate that is
 * still good. It is the only process that holds the authority’s key.
 * @throws WatchpostError `config.data_folder`, `config.invalid`, `config.port_taken`,
 *   `identity.revocations_damaged`
 */
export async function startClaimService(options: ClaimServiceOptions): Promise<ClaimService> {
  const { folder, nowMs = Date.now } = options;
  const { lifeDays = claimPolicy.lifeDays, perMinute = claimPolicy.perMinute } = options;
  const log = options.logger ?? pino({ level: 'silent' });
  const registry = options.registry ?? new Registry();
  const files = authorityFolder(folder);
  const tlsFiles = {
    certFile: files.serverCertificate,
    keyFile: files.serverKey,
    clientCaFile: files.certificate,
    clientCertificate: 'optional',
  } as const;
  const authority = await openAuthority(folder);
  const tls = await readTlsFiles(tlsFiles);
  const revocations = new RevocationFile(files.revocations, {
    changed: (entries) => log.info({ entries }, 'revocations read'),
    damaged: ({ code }) => log.error({ code }, 'revocation file damaged'),
  });
  await revocations.start();
  const register = new ClaimRegister(files.register);
  const claims = new ClaimHandler({
    authority,
    register,
    revocations: () => revocations.current,
    nowMs,
    lifeMs: lifeDays * dayMs,
  });
  const audit = new ClaimAudit(log, registry, () => performance.now());
  const endpoint =
    options.metricsPort === undefined ? undefined : new MetricsEndpoint(registry, options.metricsPort);
  const app = fastify({
    https: {
      cert: tls.cert,
      key: tls.key,
      ca: tls.ca,
      minVersion: 'TLSv1.2',
      requestCert: true,
      // `/claim` comes without one; `/renew` looks at it itself
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

  await answer(app, { audit, claims, authorityPem: authority.certificatePem, perMinute });

  const stop = async () => {
    revocations.stop();
    await app.close();
    await endpoint?.stop();
    register.close();
  };
  try {
    await app.listen({ host: options.host, port: options.port });
    await endpoint?.start();
  } catch (cause) {
    await stop();
    if (cause instanceof WatchpostError) throw cause;
    const { host, port } = options;
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new WatchpostError(taken ? 'config.port_taken' : 'config.invalid', {
      details: { host, port },
      cause,
    });
  }
  const address = app.server.address();
  const port = address && typeof address === 'object' ? address.port : options.port;
  log.info({ host: options.host, port, site: authority.site }, 'claim service listens');
  return {
    port,
    get metricsPort() {
      return endpoint?.port;
    },
    metrics: () => registry.metrics(),
    async reload() {
      server.setSecureContext(await readTlsFiles(tlsFiles));
      log.info('certificates read again');
    },
    stop,
  };
}

interface Answering {
  readonly audit: ClaimAudit;
  readonly claims: ClaimHandler;
  readonly authorityPem: string;
  readonly perMinute: number;
}

async function answer(app: FastifyInstance, parts: Answering): Promise<void> {
  const { audit, claims, authorityPem, perMinute } = parts;
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
    const action = actionOf(request.url);
    const fault = known instanceof ClaimRefused ? known.fault : known.details.fault;
    if (action)
      audit.refused(action, remoteOf(request), known.code, fault === undefined ? undefined : String(fault));
    const { status, summary } = errorRegistry[known.code];
    return reply.code(status).send({ code: known.code, message: summary });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 'api.not_found', message: errorRegistry['api.not_found'].summary }),
  );
  app.get('/ca', (_request, reply) => reply.type('application/x-pem-file').send(authorityPem));
  app.post('/claim', async (request) => {
    const { id, secret, request: pem } = parseWith(claimRequestSchema, request.body, 'api.invalid');
    const { certificate, ...record } = await claims.claim(id, secret, pem);
    audit.issued('claim', remoteOf(request), record);
    return { certificate };
  });
  app.post('/renew', async (request) => {
    const { request: pem } = parseWith(renewalRequestSchema, request.body, 'api.invalid');
    const { certificate, ...record } = await claims.renew(
      peerCertificate(request.raw.socket as TLSSocket),
      pem,
    );
    audit.issued('renew', remoteOf(request), record);
    return { certificate };
  });
}

const actionOf = (url: string): ClaimAction | undefined => {
  if (url.startsWith('/claim')) return 'claim';
  return url.startsWith('/renew') ? 'renew' : undefined;
};

/** What fastify itself refuses: bodies that are too large or not JSON. */
function httpError({ statusCode = 500 }: { statusCode?: number }): WatchpostError {
  if (statusCode === 413) return new WatchpostError('wire.too_large');
  return new WatchpostError(statusCode < 500 ? 'api.invalid' : 'api.internal');
}
