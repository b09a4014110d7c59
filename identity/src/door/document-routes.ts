import type { TLSSocket } from 'node:tls';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ServerAddresses } from '@watchpost/contracts/wire';
import { limitKey, plainAddress } from '@watchpost/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { plainSerial } from '../authority/gateway-certificate.ts';
import { peerCertificate } from '../authority/peer-certificate.ts';
import { doorPolicy } from '../policy.ts';
import type { DoorAudit } from './door-audit.ts';
import type { DocumentKind, DoorDocuments } from './door-documents.ts';
import type { DoorSite } from './door-site.ts';

/** What {@link documentRoutes} needs. */
export interface DocumentRouteParts {
  readonly sites: readonly DoorSite[];
  readonly documents: DoorDocuments;
  readonly audit: DoorAudit;
  /** Where a gateway of a site that called this host finds its server. */
  readonly addresses: (site: string, host: string) => ServerAddresses | undefined;
}

/** Paths of the documents at the door. */
export const documentPaths: Readonly<Record<DocumentKind, string>> = {
  site: '/site-part',
  permit: '/permit',
};

/**
 * What a gateway fetches with its certificate: its own site part and permit, and where its server is. Which
 * gateway it is says the certificate alone, so nobody reaches what is another’s.
 */
export function documentRoutes(app: FastifyInstance, parts: DocumentRouteParts): void {
  const { sites, documents, audit, addresses } = parts;
  const config = perGateway(doorPolicy.documentsPerMinute);
  for (const kind of ['site', 'permit'] as const) {
    app.get(documentPaths[kind], { config }, (request, reply) => {
      const { site, gateway } = callerOf(request, sites);
      const document = documents.find(site, gateway, kind);
      if (!document) throw new WatchpostError('identity.unknown_gateway');
      return send(request, reply, document, (outcome) => audit.answered(kind, outcome));
    });
  }
  app.get('/server', { config }, (request) => {
    const { site } = callerOf(request, sites);
    const found = addresses(site, hostOf(request));
    if (!found) throw new WatchpostError('identity.unknown_gateway');
    return found;
  });
}

/** Limits a route to so many requests a minute of one certificate; without one, of one address. */
export const perGateway = (max: number) => ({
  rateLimit: {
    max,
    timeWindow: 60_000,
    keyGenerator: (request: FastifyRequest) =>
      peerCertificate(request.raw.socket as TLSSocket)?.serial ??
      limitKey(plainAddress(request.socket.remoteAddress ?? '')),
  },
});

/** Answers with a document, or that the caller has it already. */
export function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { bytes, digest }: { readonly bytes: Uint8Array; readonly digest: string },
  answered: (outcome: 'sent' | 'unchanged') => void,
): FastifyReply {
  const isKnown = isUnchanged(request, reply, digest);
  answered(isKnown ? 'unchanged' : 'sent');
  return isKnown ? reply.code(304).send() : reply.type('application/json').send(Buffer.from(bytes));
}

/** Tags the answer with its digest. @returns whether the caller has just that */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, digest: string): boolean {
  const tag = `"${digest}"`;
  reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
  return (request.headers['if-none-match'] ?? '')
    .split(',')
    .some((known) => known.trim().replace(/^W\//, '') === tag);
}

/** A gateway that calls, known by its certificate alone. */
export interface Caller {
  readonly site: string;
  readonly gateway: string;
  /** Of its certificate. */
  readonly serial: string;
}

/** Who calls. @throws WatchpostError `identity.certificate_refused` */
export function callerOf(request: FastifyRequest, sites: readonly DoorSite[]): Caller {
  const socket = request.raw.socket as TLSSocket;
  const peer = peerCertificate(socket);
  const raw = socket.getPeerX509Certificate();
  if (peer && raw)
    for (const site of sites) {
      const gateway = site.gatewayOf(raw, peer);
      if (gateway !== undefined) return { site: site.id, gateway, serial: plainSerial(peer.serial) };
    }
  throw new WatchpostError('identity.certificate_refused');
}

/** The host that was called, without its port; empty where the header is none. */
export const hostOf = ({ headers }: Pick<FastifyRequest, 'headers'>): string =>
  /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(?::\d{1,5})?$/.exec(headers.host ?? '')?.[1] ?? '';
