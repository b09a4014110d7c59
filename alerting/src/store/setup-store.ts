import { type SetupAnswer, type SetupRequest, setupAnswerSchema } from '@watchpost/contracts/api';
import type { SiteId } from '@watchpost/contracts/wire';
import { insertRows } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** Where somebody stands who sets a site up; null where nobody began. */
export async function readSetup(db: Queryable, site: SiteId): Promise<SetupAnswer> {
  const row = await db
    .selectFrom('site_setup')
    .select(['step', 'choices', 'saved_at'])
    .where('site', '=', site)
    .executeTakeFirst();
  if (!row) return { setup: null };
  const { step, choices, saved_at } = row;
  return setupAnswerSchema.parse({ setup: { step, choices, savedAt: saved_at.toISOString() } });
}

/** Keeps it in place of what was kept of the site before. @param at RFC 3339 */
export async function saveSetup(
  db: Queryable,
  site: SiteId,
  { step, choices = {} }: SetupRequest,
  at: string,
): Promise<SetupAnswer> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('site_setup').where('site', '=', site).execute();
    await insertRows(tx, 'site_setup', [{ site, step, choices, saved_at: at }]);
  });
  return readSetup(db, site);
}
