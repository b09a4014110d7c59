import type { Alert } from '@watchpost/contracts/alert';
import type { Permission } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyRequest } from 'fastify';
import { findAlertOn } from '../store/alert-store.ts';
import type { Queryable } from '../store/schema.ts';
import { sessionOf, sitesOf } from './access.ts';

/**
 * The alert, where it exists for the person on these sites; what is there and does not is written down.
 * @param all sites that run here
 * @throws WatchpostError `api.not_found`
 */
export async function seenAlert(
  db: Queryable,
  request: FastifyRequest,
  {
    sites,
    all,
    id,
  }: { readonly sites: readonly string[]; readonly all: readonly string[]; readonly id: string },
): Promise<Alert> {
  const within = Object.fromEntries(
    sessionOf(request).sites.flatMap(({ site, zones }) => (zones === null ? [] : [[site, zones]])),
  );
  const alert = await findAlertOn(db, sites, id, within);
  if (alert) return alert;
  if (await findAlertOn(db, all, id)) request.beyondScope = { kind: 'alert', id };
  throw new WatchpostError('api.not_found');
}

/**
 * As {@link seenAlert}, of a route whose permission is more than reading: where the person reads alerts and
 * has not that, they are told so.
 * @throws WatchpostError `api.not_found`, `api.forbidden`
 */
export async function alertToChange(
  db: Queryable,
  request: FastifyRequest,
  {
    all,
    id,
    permission,
  }: { readonly all: readonly string[]; readonly id: string; readonly permission: Permission },
): Promise<Alert> {
  const readable = sessionOf(request).sites.filter(({ permissions }) => permissions.includes('alerts.read'));
  const alert = await seenAlert(db, request, { sites: readable.map(({ site }) => site), all, id });
  if (!sitesOf(request).includes(alert.site))
    throw new WatchpostError('api.forbidden', { details: { permission } });
  return alert;
}
