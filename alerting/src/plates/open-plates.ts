import type { AlertingOptions } from '../config.ts';
import type { PublicAddress } from '../http/public-address.ts';
import { readKeyRings } from '../passes/issuer-rings.ts';
import type { ConfiguredSite } from '../site-context.ts';
import type { Queryable } from '../store/schema.ts';
import { Plates } from './plates.ts';

/** Address plates of all sites. */
export function openPlates(
  { plateKeys }: AlertingOptions,
  configured: readonly ConfiguredSite[],
  {
    db,
    nowMs,
    address,
  }: { readonly db: Queryable; readonly nowMs: () => number; readonly address: PublicAddress },
): Plates {
  return new Plates({
    ...{ db, nowMs, rings: plateKeys === undefined ? new Map() : readKeyRings(plateKeys) },
    sites: new Map(
      configured.map(({ site, options }) => [
        site.id,
        {
          zones: new Set<string>(site.zones.map(({ id }) => id)),
          domain: options.plateDomain ?? address.url?.host,
        },
      ]),
    ),
  });
}
