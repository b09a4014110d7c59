import type { PlateState } from '@watchpost/contracts/api';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';
import { withinReach, type ZoneReach } from './zone-reach.ts';

/** An address plate as it is kept. */
export interface StoredPlate {
  readonly site: SiteId;
  readonly id: string;
  readonly zone: string;
  readonly address: string;
  readonly name: string;
  /** What its code says. */
  readonly text: string;
  readonly issuedAt: string;
  readonly issuer: { readonly account: string; readonly name: string };
  readonly retired: { readonly at: string; readonly by: string; readonly reason: string } | null;
}

function toPlate(row: Selectable<Database['plate']>): StoredPlate {
  const { id, zone, address, name, text } = row;
  return {
    ...{ id, zone, address, name, text },
    site: siteIdSchema.parse(row.site),
    issuedAt: row.issued_at.toISOString(),
    issuer: { account: row.issuer, name: row.issuer_name },
    retired: row.retired_at && {
      at: row.retired_at.toISOString(),
      by: row.retired_by ?? '',
      reason: row.retire_reason ?? '',
    },
  };
}

/** Plates that hang within what exists for who asks. */
const platesWithin = (db: Queryable, reach: readonly ZoneReach[]) =>
  db
    .selectFrom('plate')
    .selectAll()
    .where(withinReach(reach, (zones) => sql<boolean>`zone = any(${sql.val([...zones])}::text[])`));

/** One plate, as far as it exists for who asks; with `lock` nobody else changes it until the commit. */
export async function findPlate(
  db: Queryable,
  reach: readonly ZoneReach[],
  id: string,
  lock = false,
): Promise<StoredPlate | undefined> {
  const query = platesWithin(db, reach).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toPlate(row);
}

/** What {@link pageOfPlates} asks for. */
export interface PlateFilter {
  readonly state?: PlateState | undefined;
  /** Of the last plate of the page before. */
  readonly after?: { readonly issuedAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** Plates that exist for who asks, those that were issued last first. */
export async function pageOfPlates(
  db: Queryable,
  reach: readonly ZoneReach[],
  { state, after, limit }: PlateFilter,
): Promise<StoredPlate[]> {
  let query = platesWithin(db, reach);
  if (state) query = query.where('retired_at', state === 'retired' ? 'is not' : 'is', null);
  if (after)
    query = query.where(sql<boolean>`(issued_at, id) < (${after.issuedAt}::timestamptz, ${after.id}::text)`);
  const rows = await query.orderBy('issued_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toPlate);
}

/** Stores a new plate. */
export async function insertPlate(tx: Queryable, plate: Omit<StoredPlate, 'retired'>): Promise<void> {
  const { site, id, zone, address, name, text, issuer } = plate;
  await tx
    .insertInto('plate')
    .values({
      ...{ site, id, zone, address, name, text, issued_at: plate.issuedAt },
      ...{ issuer: issuer.account, issuer_name: issuer.name },
    })
    .execute();
}

/** How many plates of a site hang somewhere. */
export async function countPlates(db: Queryable, site: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from plate
    where site = ${site} and retired_at is null`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Notes that a plate was taken down. */
export async function setRetired(
  tx: Queryable,
  { site, id }: Pick<StoredPlate, 'site' | 'id'>,
  { at, by, reason }: NonNullable<StoredPlate['retired']>,
): Promise<void> {
  await tx
    .updateTable('plate')
    .set({ retired_at: at, retired_by: by, retire_reason: reason })
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
}

/** Which plates were read how often, by devices in the zones that exist for who asks. */
export interface PlateScans {
  readonly count: number;
  readonly newest: string;
}

const scansWithin = ({ site, zones }: ZoneReach) => sql`type = 'watchpost.address.scanned.v1'
  and site = ${site} ${zones === null ? sql`` : sql`and zone = any(${sql.val([...zones])}::text[])`}`;

/** Scans of plates, by their ids; a plate that nobody read is not in it. */
export async function scansOf(
  db: Queryable,
  reach: ZoneReach,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PlateScans>> {
  const { rows } = await sql<{ id: string; count: number; newest: Date }>`
    select data ->> 'address' as id, count(*)::integer as count, max(time) as newest from event
    where ${scansWithin(reach)} and data ->> 'address' = any(${sql.val([...ids])}::text[])
    group by 1`.execute(db);
  return new Map(rows.map(({ id, count, newest }) => [id, { count, newest: newest.toISOString() }]));
}

/** The newest scans of one plate. */
export async function newestScans(db: Queryable, reach: ZoneReach, id: string, limit: number) {
  const { rows } = await sql<{ time: Date; device: string; gateway: string; zone: string }>`
    select time, device, gateway, zone from event
    where ${scansWithin(reach)} and data ->> 'address' = ${id}
    order by time desc limit ${limit}`.execute(db);
  return rows.map(({ time, ...where }) => ({ ...where, at: time.toISOString() }));
}
