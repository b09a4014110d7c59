import type { AuditEntry, AuditQuery } from '@watchpost/contracts/api';
import type { SiteId } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import type { Queryable } from '../store/schema.ts';
import { toAuditEntry } from './audit-log.ts';

/** Entries of these sites, the newest first. @param ofServer whether those without a site too */
export async function auditPage(
  db: Queryable,
  sites: readonly SiteId[],
  ofServer: boolean,
  { action, outcome, actor, subject, from, until, before, limit }: AuditQuery,
): Promise<AuditEntry[]> {
  let query = db
    .selectFrom('audit')
    .selectAll()
    .where((eb) => eb.or([eb('site', 'in', sites), ...(ofServer ? [eb('site', 'is', null)] : [])]));
  if (action) query = query.where('action', '=', action);
  if (outcome) query = query.where('outcome', '=', outcome);
  if (actor !== undefined) query = query.where(sql<boolean>`actor ->> 'name' = ${actor}`);
  if (subject !== undefined) query = query.where(sql<boolean>`subject ->> 'id' = ${subject}`);
  if (from !== undefined) query = query.where('at', '>=', new Date(from));
  if (until !== undefined) query = query.where('at', '<', new Date(until));
  if (before !== undefined) query = query.where('position', '<', before);
  const rows = await query.orderBy('position', 'desc').limit(limit).execute();
  return rows.map(toAuditEntry);
}
