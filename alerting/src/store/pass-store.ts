import type { PassPurpose, PassState } from '@watchpost/contracts/api';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';
import { allWithin, withinReach, type ZoneReach } from './zone-reach.ts';

/** A pass as it is kept. */
export interface StoredPass {
  readonly site: SiteId;
  readonly id: string;
  readonly iss: string;
  readonly gates: readonly string[];
  readonly zones: readonly string[];
  readonly purpose: PassPurpose;
  readonly reference: string | null;
  readonly address: string | null;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly maxUses: number;
  readonly uses: number;
  readonly over: number;
  readonly issuedAt: string;
  readonly issuer: { readonly account: string; readonly name: string };
  readonly revoked: { readonly at: string; readonly by: string; readonly reason: string } | null;
  /** Since when it waits, after a restore, for somebody to confirm it. */
  readonly heldAt: string | null;
}

function toPass(row: Selectable<Database['pass']>): StoredPass {
  const { id, iss, gates, zones, purpose, reference, address, uses, over } = row;
  return {
    ...{ id, iss, gates, zones, purpose, reference, address, uses, over },
    site: siteIdSchema.parse(row.site),
    notBefore: row.not_before.toISOString(),
    notAfter: row.not_after.toISOString(),
    maxUses: row.max_uses,
    issuedAt: row.issued_at.toISOString(),
    issuer: { account: row.issuer, name: row.issuer_name },
    revoked: row.revoked_at && {
      at: row.revoked_at.toISOString(),
      by: row.revoked_by ?? '',
      reason: row.revoke_reason ?? '',
    },
    heldAt: row.held_at?.toISOString() ?? null,
  };
}

/** Passes all of whose gates are within what exists for who asks. */
const passesWithin = (db: Queryable, reach: readonly ZoneReach[]) =>
  db
    .selectFrom('pass')
    .selectAll()
    .where(withinReach(reach, allWithin('zones')));

/** One pass, as far as it exists for who asks; with `lock` nobody else changes it until the commit. */
export async function findPass(
  db: Queryable,
  reach: readonly ZoneReach[],
  id: string,
  lock = false,
): Promise<StoredPass | undefined> {
  const query = passesWithin(db, reach).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toPass(row);
}

/** What {@link pageOfPasses} asks for. */
export interface PassFilter {
  readonly state?: PassState | undefined;
  readonly gate?: string | undefined;
  readonly over?: boolean | undefined;
  /** Of the last pass of the page before. */
  readonly after?: { readonly issuedAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

const inState = (state: PassState, now: string) => {
  const good = sql`revoked_at is null and not_after > ${now}::timestamptz`;
  const open = sql`${good} and uses < max_uses and held_at is null`;
  return {
    revoked: sql<boolean>`revoked_at is not null`,
    expired: sql<boolean>`revoked_at is null and not_after <= ${now}::timestamptz`,
    used_up: sql<boolean>`${good} and uses >= max_uses`,
    held: sql<boolean>`${good} and uses < max_uses and held_at is not null`,
    waiting: sql<boolean>`${open} and not_before > ${now}::timestamptz`,
    valid: sql<boolean>`${open} and not_before <= ${now}::timestamptz`,
  }[state];
};

/** Passes that exist for who asks, those that were issued last first. */
export async function pageOfPasses(
  db: Queryable,
  reach: readonly ZoneReach[],
  { state, gate, over, after, limit }: PassFilter,
  now: string,
): Promise<StoredPass[]> {
  let query = passesWithin(db, reach);
  if (state) query = query.where(inState(state, now));
  if (gate !== undefined) query = query.where(sql<boolean>`gates @> ${JSON.stringify([gate])}::jsonb`);
  if (over) query = query.where('over', '>', 0);
  if (after)
    query = query.where(sql<boolean>`(issued_at, id) < (${after.issuedAt}::timestamptz, ${after.id}::text)`);
  const rows = await query.orderBy('issued_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toPass);
}

/** Stores a new pass. */
export async function insertPass(
  tx: Queryable,
  pass: Omit<StoredPass, 'uses' | 'over' | 'revoked' | 'heldAt'>,
): Promise<void> {
  const { site, id, iss, gates, zones, purpose, reference, address, maxUses, issuer } = pass;
  await tx
    .insertInto('pass')
    .values({
      ...{ site, id, iss, purpose, reference, address },
      ...{ gates: JSON.stringify(gates), zones: JSON.stringify(zones) },
      ...{ not_before: pass.notBefore, not_after: pass.notAfter, max_uses: maxUses },
      ...{ issued_at: pass.issuedAt, issuer: issuer.account, issuer_name: issuer.name },
    })
    .execute();
}

/** How many passes of a site are good, or will be. */
export async function countGood(db: Queryable, site: string, now: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from pass
    where site = ${site} and revoked_at is null and not_after > ${now}::timestamptz`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Notes that a pass is good no more. */
export async function setRevoked(
  tx: Queryable,
  { site, id }: Pick<StoredPass, 'site' | 'id'>,
  { at, by, reason }: NonNullable<StoredPass['revoked']>,
): Promise<void> {
  await tx
    .updateTable('pass')
    .set({ revoked_at: at, revoked_by: by, revoke_reason: reason })
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
}

/** Holds whatever pass may be good, on every site: out of a backup. @returns how many */
export async function holdPasses(tx: Queryable, at: string): Promise<number> {
  const { rows } = await sql`update pass set held_at = ${at}::timestamptz
    where revoked_at is null and held_at is null and not_after > ${at}::timestamptz returning 1`.execute(tx);
  return rows.length;
}

/** Notes that a pass is held no more. */
export async function setConfirmed(
  tx: Queryable,
  { site, id }: Pick<StoredPass, 'site' | 'id'>,
): Promise<void> {
  await tx.updateTable('pass').set({ held_at: null }).where('site', '=', site).where('id', '=', id).execute();
}

/**
 * Revoked and held passes of a site that gateways would take otherwise: the revoked ones first, of each those
 * that end last first.
 */
export async function refusedPasses(
  db: Queryable,
  site: string,
  endAfter: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('pass')
    .select('id')
    .where('site', '=', site)
    .where(sql<boolean>`(revoked_at is not null or held_at is not null)`)
    .where('not_after', '>', new Date(endAfter))
    .orderBy(sql`revoked_at is null`)
    .orderBy('not_after', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Puts a link in the place of the one that a pass had. */
export async function replaceLink(
  tx: Queryable,
  { site, id }: Pick<StoredPass, 'site' | 'id'>,
  tokenHash: string,
  at: string,
): Promise<void> {
  await tx.deleteFrom('pass_link').where('site', '=', site).where('pass', '=', id).execute();
  await tx.insertInto('pass_link').values({ token_hash: tokenHash, site, pass: id, made_at: at }).execute();
}

/** The link of a pass, without its secret. */
export async function linkOf(db: Queryable, { site, id }: Pick<StoredPass, 'site' | 'id'>) {
  const row = await db
    .selectFrom('pass_link')
    .select(['made_at', 'opened_at'])
    .where('site', '=', site)
    .where('pass', '=', id)
    .executeTakeFirst();
  return row ? { madeAt: row.made_at.toISOString(), openedAt: row.opened_at?.toISOString() ?? null } : null;
}

/** The pass that a link leads to. */
export async function passOfLink(db: Queryable, tokenHash: string): Promise<StoredPass | undefined> {
  const link = await db
    .selectFrom('pass_link')
    .select(['site', 'pass'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return link && findPass(db, [{ site: siteIdSchema.parse(link.site), zones: null }], link.pass);
}

/** Notes when a link was opened first. */
export async function noteOpened(db: Queryable, tokenHash: string, at: string): Promise<void> {
  await db
    .updateTable('pass_link')
    .set({ opened_at: at })
    .where('token_hash', '=', tokenHash)
    .where('opened_at', 'is', null)
    .execute();
}
