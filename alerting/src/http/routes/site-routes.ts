import {
  gatewayListSchema,
  heatMapSchema,
  rejectListSchema,
  siteResponseSchema,
} from '@watchpost/contracts/api';
import { z } from 'zod';
import type { GatewayRegistry } from '../../health/gateway-registry.ts';
import { HeatMapCache } from '../../places/heat-map-cache.ts';
import type { SiteDirectory } from '../../places/site-directory.ts';
import { listRejects } from '../../store/reject-store.ts';
import type { Queryable } from '../../store/schema.ts';
import type { Api } from '../api.ts';
import { answerPolicy } from '../policy.ts';

/** What {@link siteRoutes} needs. */
export interface SiteRouteOptions {
  readonly directory: SiteDirectory;
  readonly db: Queryable;
  readonly gateways: GatewayRegistry;
  readonly nowMs: () => number;
}

/** Whether the client has what the tag names (RFC 9110 §13.1.2, weak comparison). */
function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  const strong = (value: string) => value.trim().replace(/^W\//, '');
  return (ifNoneMatch ?? '')
    .split(',')
    .some((known) => strong(known) === strong(tag) || known.trim() === '*');
}

/** What the site is and how it is doing: plan, gateways, heat map, rejects. */
export function siteRoutes(app: Api, { directory, db, gateways, nowMs }: SiteRouteOptions): void {
  const { site } = directory;
  const heatMap = new HeatMapCache(db, site, nowMs);
  app.get(
    '/api/v1/site',
    {
      config: { access: 'devices.read' },
      schema: { tags: ['site'], response: { 200: siteResponseSchema } },
    },
    async () => site,
  );
  app.get(
    '/api/v1/gateways',
    {
      config: { access: 'devices.read' },
      schema: { tags: ['site'], response: { 200: gatewayListSchema } },
    },
    async () => ({ gateways: gateways.all() }),
  );
  app.get(
    '/api/v1/heat',
    {
      config: { access: 'alerts.read' },
      schema: { tags: ['site'], response: { 200: heatMapSchema, 304: z.null() } },
    },
    async (request, reply) => {
      const { digest, body } = await heatMap.current();
      // Weak: the same map travels compressed and plain.
      const tag = `W/"${digest}"`;
      reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
      if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send(null);
      // Text already, once for all: Fastify sends it as it is.
      return reply.type('application/json; charset=utf-8').send(body as never);
    },
  );
  app.get(
    '/api/v1/rejects',
    {
      config: { access: 'rejects.read' },
      schema: { tags: ['site'], response: { 200: rejectListSchema } },
    },
    async () => listRejects(db, site.id, answerPolicy.rejectsShown),
  );
}
