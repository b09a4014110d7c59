import type { AlertEventType } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/**
 * Whether an alert is unresolved, in the words of the partial indexes: a plan that holds for all parameters
 * could not use those otherwise.
 */
export const isUnresolvedAlert = sql<boolean>`alert.state in ('open', 'acknowledged', 'in_progress')`;

/** The unresolved alerts of a site whose cause is present, of these types. */
export const activeOf = (db: Queryable, site: string, types: readonly AlertEventType[]) =>
  db
    .selectFrom('alert')
    .where('site', '=', site)
    .where(isUnresolvedAlert)
    .where(sql<boolean>`alert.condition = 'active'`)
    .where('event_type', 'in', [...types]);
