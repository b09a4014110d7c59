import { createReadStream } from 'node:fs';
import { erasureReceiptSchema } from '@watchpost/contracts/lists';
import { digestSchema, parseWith, uuidSchema } from '@watchpost/contracts/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { doorPolicy } from '../policy.ts';
import { callerOf, isUnchanged, perGateway, send } from './document-routes.ts';
import type { DoorAudit } from './door-audit.ts';
import type { DoorGalleries } from './door-galleries.ts';
import type { DoorSite } from './door-site.ts';

const askedSchema = z.object({ holder: uuidSchema });
const namedSchema = z.object({ digest: digestSchema });

/**
 * Faces at the door, for gateways that may look for them: the gallery and the keys that open it, which go
 * nowhere else, and the receipts of what was erased. A folder is on record before a byte leaves.
 */
export function galleryRoutes(
  app: FastifyInstance,
  parts: {
    readonly sites: readonly DoorSite[];
    readonly galleries: DoorGalleries;
    readonly audit: DoorAudit;
  },
): void {
  const { sites, galleries, audit } = parts;
  const holderOf = ({ query }: FastifyRequest) => parseWith(askedSchema, query, 'api.invalid').holder;
  app.get('/gallery/:digest', { config: perGateway(doorPolicy.galleriesPerMinute) }, (request, reply) => {
    const caller = callerOf(request, sites);
    const { digest } = parseWith(namedSchema, request.params, 'api.invalid');
    const { path, size } = galleries.gallery(caller, holderOf(request), digest);
    if (isUnchanged(request, reply, digest)) {
      audit.answered('gallery', 'unchanged');
      return reply.code(304).send();
    }
    audit.answered('gallery', 'sent', caller);
    return reply
      .headers({ 'content-type': 'application/octet-stream', 'content-length': size })
      .send(createReadStream(path));
  });
  app.get('/gallery-keys', { config: perGateway(doorPolicy.galleriesPerMinute) }, (request, reply) => {
    const caller = callerOf(request, sites);
    const keys = galleries.keys(caller, holderOf(request));
    return send(request, reply, keys, (outcome) =>
      audit.answered('gallery-keys', outcome, outcome === 'sent' ? caller : undefined),
    );
  });
  app.post(
    '/erasure-receipts',
    { config: perGateway(doorPolicy.documentsPerMinute) },
    async (request, reply) => {
      const caller = callerOf(request, sites);
      galleries.receipt(caller, parseWith(erasureReceiptSchema, request.body, 'api.invalid'));
      audit.answered('erasure-receipts', 'taken', caller);
      return reply.code(204).send();
    },
  );
}
