import type { SiteId } from '@watchpost/contracts/wire';
import { type RawBuilder, sql } from 'kysely';

/** A site, and which zones of it exist for who asks; null: all. */
export interface ZoneReach {
  readonly site: SiteId;
  readonly zones: readonly string[] | null;
}

/**
 * What exists for who asks: of each site all, or where they are limited to zones what `isWithin` says lies
 * within these; nothing where they reach no site.
 */
export function withinReach(
  reach: readonly ZoneReach[],
  isWithin: (zones: readonly string[]) => RawBuilder<boolean>,
): RawBuilder<boolean> {
  const parts = reach.map(({ site, zones }) =>
    zones === null ? sql`site = ${site}` : sql`(site = ${site} and ${isWithin(zones)})`,
  );
  return parts.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(parts, sql` or `)})`;
}

/** For a column with a list of zones: all of them lie within. */
export const allWithin =
  (column: 'zones' | 'area') =>
  (zones: readonly string[]): RawBuilder<boolean> =>
    sql<boolean>`${sql.ref(column)} <@ ${JSON.stringify(zones)}::jsonb`;
