import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** Which pass: of a site, an issuer, and its number. */
export interface PassKey {
  readonly site: string;
  readonly iss: string;
  readonly jti: string;
}

/** One use that was counted. */
export interface StoredUse extends PassKey {
  readonly gateway: string;
  readonly id: string;
  readonly gate: string;
  readonly at: string;
  readonly offline: boolean;
  readonly over: boolean;
}

/**
 * From here to the commit nobody else counts a use of this pass. In a statement of its own: the next one sees
 * what was committed before.
 */
export async function lockUses(tx: Queryable, { site, iss, jti }: PassKey): Promise<void> {
  const name = `watchpost.pass ${site} ${iss} ${jti}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

/** Which pass a gateway counted under this id. */
export async function passOfUse(
  tx: Queryable,
  site: string,
  gateway: string,
  id: string,
): Promise<PassKey | undefined> {
  return tx
    .selectFrom('pass_use')
    .select(['site', 'iss', 'jti'])
    .where('site', '=', site)
    .where('gateway', '=', gateway)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** How often a pass was used, and the last half minute whose proof was taken. */
export async function usesOf(
  tx: Queryable,
  { site, iss, jti }: PassKey,
): Promise<{ readonly uses: number; readonly proof: number | undefined }> {
  const { rows } = await sql<{ uses: number; proof: number | null }>`
    select count(*)::integer as uses, max(proof) as proof from pass_use
    where site = ${site} and iss = ${iss} and jti = ${jti}`.execute(tx);
  const { uses = 0, proof = null } = rows[0] ?? {};
  return { uses, proof: proof ?? undefined };
}

/** Stores a use, and counts it at its pass where the server issued that. */
export async function insertUse(
  tx: Queryable,
  use: StoredUse & { readonly proof: number | undefined; readonly receivedAt: string; readonly end: string },
): Promise<void> {
  const { site, gateway, id, iss, jti, gate, at, offline, over } = use;
  await tx
    .insertInto('pass_use')
    .values({
      ...{ site, gateway, id, iss, jti, gate, at, offline, over },
      ...{ received_at: use.receivedAt, proof: use.proof ?? null, pass_end: use.end },
    })
    .execute();
  await sql`update pass set uses = uses + 1, over = over + ${over ? 1 : 0}
    where site = ${site} and id = ${jti} and iss = ${iss}`.execute(tx);
}

/** The newest uses of a pass. */
export async function newestUses(db: Queryable, key: PassKey, limit: number): Promise<StoredUse[]> {
  const rows = await db
    .selectFrom('pass_use')
    .select(['site', 'gateway', 'id', 'iss', 'jti', 'gate', 'at', 'offline', 'over'])
    .where('site', '=', key.site)
    .where('iss', '=', key.iss)
    .where('jti', '=', key.jti)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ at, ...use }) => ({ ...use, at: at.toISOString() }));
}
