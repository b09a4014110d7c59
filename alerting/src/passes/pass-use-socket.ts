import { WatchpostError } from '@watchpost/contracts/errors';
import { parseWith, type SiteId, siteUseSchema } from '@watchpost/contracts/wire';
import { type LocalServer, serveLocally } from '@watchpost/service';
import type { Queryable } from '../store/schema.ts';
import { countUse } from './count-use.ts';
import { passPolicy } from './policy.ts';

/**
 * Answers the gateway door, and gateways that the server runs itself, over a socket file of its owner: may
 * this pass be used once more? Who asks has checked which gateway it is.
 * @throws WatchpostError `config.data_folder`
 */
export function servePassUses(
  path: string,
  {
    db,
    nowMs,
    sites,
  }: { readonly db: Queryable; readonly nowMs: () => number; readonly sites: ReadonlyMap<string, SiteId> },
): Promise<LocalServer> {
  return serveLocally(
    path,
    async (request) => {
      const { site: name, gateway, use } = parseWith(siteUseSchema, request, 'api.invalid');
      const site = sites.get(name);
      if (site === undefined) throw new WatchpostError('api.not_found', { path: '/site' });
      return countUse(db, { site, gateway }, use, nowMs());
    },
    passPolicy.questionsAtOnce,
  );
}
