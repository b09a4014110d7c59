import {
  gatewayListSchema,
  heatMapSchema,
  heatQuerySchema,
  rejectListSchema,
  siteQuerySchema,
  siteResponseSchema,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { plansOf } from '@watchpost/contracts/site';
import { z } from 'zod';
import { HeatMapCache } from '../../places/heat-map-cache.ts';
import { listRejects } from '../../store/reject-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { siteOf, sitesOf, zonesOf } from '../access.ts';
import type { Api } from '../api.ts';
import { answerPolicy } from '../policy.ts';
import type { SiteView } from '../site-view.ts';
import { gatewayIn, siteIn } from '../zone-view.ts';

/** What {@link siteRoutes} needs. */
export interface SiteRouteOptions {
  readonly sites: ReadonlyMap<string, SiteView>;
  readonly db: Queryable;
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
export function siteRoutes(app: Api, { sites, db, nowMs }: SiteRouteOptions): void {
  const heatMaps = new Map(
    [...sites].map(
      ([
        id,
        {
          directory: { site },
        },
      ]) => [
        id,
        new Map<string, HeatMapCache>(
          plansOf(site).map((plan) => [plan.id, new HeatMapCache(db, site, plan, nowMs)]),
        ),
      ],
    ),
  );
  const narrowMaps = new Map<string, HeatMapCache>();
  /** The map of these zones, for those who are limited to them: the newest few are kept. */
  const heatMapOf = (id: string, planId: string, zones: readonly string[] | undefined): HeatMapCache => {
    if (zones === undefined) return found(found(heatMaps, id), planId);
    const { site } = found(sites, id).directory;
    const plan = plansOf(site).find((one) => one.id === planId);
    if (!plan) throw new WatchpostError('api.not_found');
    const key = JSON.stringify([id, planId, ...zones.toSorted()]);
    const known = narrowMaps.get(key) ?? new HeatMapCache(db, site, plan, nowMs, zones);
    narrowMaps.delete(key);
    narrowMaps.set(key, known);
    for (const oldest of narrowMaps.keys()) {
      if (narrowMaps.size <= answerPolicy.narrowMapsKept) break;
      narrowMaps.delete(oldest);
    }
    return known;
  };
  const found = <T>(map: ReadonlyMap<string, T>, site: string): T => {
    const one = map.get(site);
    if (one === undefined) throw new WatchpostError('api.not_found');
    return one;
  };
  app.get(
    '/api/v1/site',
    {
      config: { access: 'devices.read', sites: 'one', zones: 'narrowed' },
      schema: { tags: ['site'], querystring: siteQuerySchema, response: { 200: siteResponseSchema } },
    },
    async (request) => {
      const id = siteOf(request);
      const site = siteIn(found(sites, id).directory.site, zonesOf(request)[id] ?? null);
      if (!site) throw new WatchpostError('api.not_found');
      return site;
    },
  );
  app.get(
    '/api/v1/gateways',
    {
      config: { access: 'devices.read', sites: 'each', zones: 'narrowed' },
      schema: { tags: ['site'], querystring: siteQuerySchema, response: { 200: gatewayListSchema } },
    },
    async (request) => ({
      gateways: sitesOf(request).flatMap((site) => {
        const { gateways, directory } = found(sites, site);
        const zones = zonesOf(request)[site] ?? null;
        return gateways.all().flatMap((status) => gatewayIn(status, zones, directory) ?? []);
      }),
    }),
  );
  app.get(
    '/api/v1/heat',
    {
      config: { access: 'alerts.read', sites: 'one', zones: 'narrowed' },
      schema: {
        tags: ['site'],
        querystring: heatQuerySchema,
        response: { 200: heatMapSchema, 304: z.null() },
      },
    },
    async (request, reply) => {
      const id = siteOf(request);
      const plan = request.query.plan ?? found(sites, id).directory.site.plan.id;
      const { digest, body } = await heatMapOf(id, plan, zonesOf(request)[id]).current();
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
      config: { access: 'rejects.read', sites: 'each' },
      schema: { tags: ['site'], querystring: siteQuerySchema, response: { 200: rejectListSchema } },
    },
    async (request) => listRejects(db, sitesOf(request), answerPolicy.rejectsShown),
  );
}
