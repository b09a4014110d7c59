import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyRequest } from 'fastify';
import type { PublicAddress } from './public-address.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether the browser says that the request comes from our own pages. Programs that are no browsers say
 * nothing.
 */
function isSameOrigin({ headers }: FastifyRequest, address: PublicAddress): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin, host } = headers;
  return origin === undefined || address.isOwnOrigin(origin, host);
}

/** A page that the person goes to, rather than something that another page loads. */
const isNavigation = ({ headers }: FastifyRequest): boolean => headers['sec-fetch-mode'] === 'navigate';

/**
 * Refuses names that are not ours (DNS rebinding), and what another web site could make a browser send:
 * changes, upgraded connections and data from elsewhere, pages of Node-RED on this host included.
 * @throws WatchpostError `api.unknown_host`, `api.cross_site`
 */
export function refuseForeign(request: FastifyRequest, address: PublicAddress): void {
  const anyHost = !request.is404 && request.routeOptions.config.anyHost === true;
  if (!anyHost && !address.isOwnHost(request)) throw new WatchpostError('api.unknown_host');
  const isUpgrade = request.headers.upgrade !== undefined;
  const isHarmless = safeMethods.has(request.method) && !isUpgrade;
  const isPublic = request.is404 || request.routeOptions.config.access === 'public';
  if (isHarmless && (isPublic || isNavigation(request))) return;
  if (!isSameOrigin(request, address)) throw new WatchpostError('api.cross_site');
}

/**
 * Refuses bodies of types that a plain form of another site can send.
 * @throws WatchpostError `api.content_type`
 */
export function refuseOtherTypes(request: FastifyRequest): void {
  if (request.is404 || safeMethods.has(request.method) || request.method === 'DELETE') return;
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const taken = request.routeOptions.config.bodyTypes ?? ['application/json'];
  if (type === undefined || !taken.includes(type)) {
    throw new WatchpostError('api.content_type', { details: { expected: taken.join(', ') } });
  }
}
