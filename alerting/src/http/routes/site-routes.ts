import { gatewayListSchema, heatMapSchema, rejectListSchema, siteResponseSchema } from '@watchpost/contracts';
import { drawHeatMap } from '../../domain/heat-map.ts';
import type { SiteDirectory } from '../../domain/site-directory.ts';
import type { GatewayBoard } from '../../live/gateway-board.ts';
import { placeStates } from '../../store/place-risk-store.ts';
import { listRejects } from '../../store/reject-store.ts';
import type { Queryable } from '../../store/schema.ts';
import type { Api } from '../api.ts';

export interface SiteRouteOptions {
  readonly directory: SiteDirectory;
  readonly db: Queryable;
  readonly gateways: GatewayBoard;
  readonly nowMs: () => number;
}

/** Rejects that one answer shows. */
const rejectsShown = 200;

/** What the site is and how it is doing: plan, gateways, heat map, rejects. */
export function siteRoutes(app: Api, { directory, db, gateways, nowMs }: SiteRouteOptions): void {
  const { site } = directory;
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
      schema: { tags: ['site'], response: { 200: heatMapSchema } },
    },
    async () => drawHeatMap(await placeStates(db, site.id), site, nowMs()),
  );
  app.get(
    '/api/v1/rejects',
    {
      config: { access: 'rejects.read' },
      schema: { tags: ['site'], response: { 200: rejectListSchema } },
    },
    async () => listRejects(db, site.id, rejectsShown),
  );
}
