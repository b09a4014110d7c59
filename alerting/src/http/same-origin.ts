import { WatchpostError } from '@watchpost/contracts';
import type { FastifyRequest } from 'fastify';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the browser says that the request comes from our own pages. Programs that are no browsers say nothing. */
function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  // Through URL, so that a default port that only one of them spells out makes no difference.
  const ours = `${page.protocol}//${host}`;
  return URL.canParse(ours) && new URL(ours).host === page.host;
}

/**
 * Refuses what another web site could make a browser send: changes and upgraded connections from elsewhere, and
 * bodies of types that a plain form can send.
 * @throws WatchpostError `api.cross_site`
 */
export function refuseCrossSite(request: FastifyRequest): void {
  const isUpgrade = request.headers.upgrade !== undefined;
  if (safeMethods.has(request.method) && !isUpgrade) return;
  if (!isSameOrigin(request)) throw new WatchpostError('api.cross_site');
  const proxied = request.routeOptions.config.access === 'flows.use';
  if (isUpgrade || proxied || request.method === 'DELETE') return;
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new WatchpostError('api.cross_site', { details: { expected: 'content-type: application/json' } });
  }
}
