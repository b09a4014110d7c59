import { siteIdSchema } from '@watchpost/contracts/wire';
import type { KeptReceiver } from '../escalation/kept-fallback.ts';
import type { Queryable } from './schema.ts';

/** Receivers of these sites that stand in for others, as far as telling them needs it. */
export async function keptStandIns(db: Queryable, sites: readonly string[]): Promise<KeptReceiver[]> {
  const rows = await db
    .selectFrom('receiver')
    .select(['site', 'id', 'address', 'language'])
    .where('site', 'in', sites)
    .where('is_fallback', '=', true)
    .where('off_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ site, ...row }) => ({ ...row, site: siteIdSchema.parse(site) }));
}
