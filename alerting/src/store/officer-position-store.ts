import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** That somebody agrees to be seen, and where they were last, where that is known. */
export interface StoredPosition {
  readonly account: string;
  readonly consentedAt: string;
  readonly position:
    | {
        readonly latitude: number;
        readonly longitude: number;
        readonly accuracyM: number;
        readonly receivedAt: string;
      }
    | undefined;
}

/** Of these people on a site; a position that came before `since` counts as deleted. */
export async function positionsOf(
  db: Queryable,
  site: string,
  accounts: readonly string[],
  since: string,
): Promise<StoredPosition[]> {
  if (accounts.length === 0) return [];
  const rows = await db
    .selectFrom('officer_position')
    .selectAll()
    .where('site', '=', site)
    .where('account', 'in', accounts)
    .orderBy('account')
    .execute();
  return rows.map(({ account, consented_at, latitude, longitude, accuracy_m, received_at }) => ({
    ...{ account, consentedAt: consented_at.toISOString() },
    position:
      latitude === null || longitude === null || received_at === null || received_at.toISOString() < since
        ? undefined
        : { latitude, longitude, accuracyM: accuracy_m ?? 0, receivedAt: received_at.toISOString() },
  }));
}

/** Somebody agrees; whoever did before stays so since then. */
export async function writeConsent(tx: Queryable, site: string, account: string, at: string): Promise<void> {
  await tx
    .insertInto('officer_position')
    .values({ site, account, consented_at: at })
    .onConflict((conflict) => conflict.columns(['site', 'account']).doNothing())
    .execute();
}

/** Somebody does not agree any more: nothing stays. Whether they did. */
export async function deleteConsent(tx: Queryable, site: string, account: string): Promise<boolean> {
  const row = await tx
    .deleteFrom('officer_position')
    .where('site', '=', site)
    .where('account', '=', account)
    .returning('account')
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes the place of the position before; false: there is no consent. */
export async function writePosition(
  db: Queryable,
  site: string,
  account: string,
  { latitude, longitude, accuracyM, receivedAt }: NonNullable<StoredPosition['position']>,
): Promise<boolean> {
  const row = await db
    .updateTable('officer_position')
    .set({ latitude, longitude, accuracy_m: accuracyM, received_at: receivedAt })
    .where('site', '=', site)
    .where('account', '=', account)
    .returning('account')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Deletes positions that came before a time, and whatever there is of people who are not on duty; who was on
 * duty is asked anew next time.
 */
export async function forgetPositions(
  db: Queryable,
  site: string,
  { before, onDuty }: { readonly before: string; readonly onDuty: readonly string[] },
): Promise<void> {
  await sql`delete from officer_position where site = ${site} and (consented_at < ${before}::timestamptz
      and coalesce(received_at, consented_at) < ${before}::timestamptz
    or not (account::text = any(${[...onDuty]}::text[])))`.execute(db);
}

/** Deletes where people are, and not that they agree to it: who is still there says so soon. */
export async function forgetPlaces(db: Queryable, sites: readonly string[]): Promise<void> {
  if (sites.length === 0) return;
  const nothing = { latitude: null, longitude: null, accuracy_m: null, received_at: null };
  await db.updateTable('officer_position').set(nothing).where('site', 'in', sites).execute();
}

/** Who agrees to be seen on a site. */
export async function consentingPeople(db: Queryable, site: string): Promise<readonly string[]> {
  const rows = await db.selectFrom('officer_position').select('account').where('site', '=', site).execute();
  return rows.map(({ account }) => account);
}
