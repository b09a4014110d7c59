import type { DutyCalendarYear, DutyLayer, DutyRota } from '@watchpost/contracts/api';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import type { Selectable } from 'kysely';
import type { Database, Queryable } from './schema.ts';
import { allWithin, withinReach, type ZoneReach } from './zone-reach.ts';

/** A rota as it is kept. */
export interface StoredRota {
  readonly site: SiteId;
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** Null: the whole site. */
  readonly zones: readonly string[] | null;
  readonly timeZone: string;
  readonly coverage: DutyRota['coverage'];
  readonly holidays: boolean;
  readonly layers: readonly DutyLayer[];
}

function toRota(row: Selectable<Database['duty_rota']>): StoredRota {
  const { id, version, name, zones, coverage, holidays, layers } = row;
  return {
    ...{ id, version, name, zones, coverage, holidays, layers },
    site: siteIdSchema.parse(row.site),
    timeZone: row.time_zone,
  };
}

/** Rotas as far as they exist for who asks, by name; those that have ended only where they are asked for. */
export async function rotasWithin(
  db: Queryable,
  reach: readonly ZoneReach[],
  withEnded = false,
): Promise<StoredRota[]> {
  const query = db.selectFrom('duty_rota').selectAll();
  const rows = await (withEnded ? query : query.where('ended_at', 'is', null))
    .where(withinReach(reach, allWithin('zones')))
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(toRota);
}

/** One of {@link rotasWithin}; with `lock` nobody else changes it until the commit. */
export async function findRota(
  db: Queryable,
  reach: readonly ZoneReach[],
  id: string,
  lock = false,
): Promise<StoredRota | undefined> {
  const found = (await rotasWithin(db, reach)).find((rota) => rota.id === id);
  if (!found || !lock) return found;
  const row = await db
    .selectFrom('duty_rota')
    .selectAll()
    .where('site', '=', found.site)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row && toRota(row);
}

const columnsOf = ({ name, zones, timeZone, coverage, holidays, layers }: StoredRota) => ({
  ...{ name, coverage, holidays, time_zone: timeZone },
  zones: zones === null ? null : JSON.stringify(zones),
  layers: JSON.stringify(layers),
});

/** Stores a new rota; false: there is one with its id, whether it has ended or not. */
export async function insertRota(tx: Queryable, rota: StoredRota, at: string): Promise<boolean> {
  const { site, id, version } = rota;
  const done = await tx
    .insertInto('duty_rota')
    .values({ site, id, version, made_at: at, ...columnsOf(rota) })
    .onConflict((conflict) => conflict.columns(['site', 'id']).doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Stores what a rota says now. */
export async function updateRota(tx: Queryable, rota: StoredRota): Promise<void> {
  const { site, id, version } = rota;
  const change = tx.updateTable('duty_rota').set({ version, ...columnsOf(rota) });
  await change.where('site', '=', site).where('id', '=', id).execute();
}

/** Nobody is on duty by it from now on. */
export async function endRota(
  tx: Queryable,
  { site, id }: Pick<StoredRota, 'site' | 'id'>,
  at: string,
): Promise<void> {
  const change = tx.updateTable('duty_rota').set({ ended_at: at });
  await change.where('site', '=', site).where('id', '=', id).execute();
}

/** The holidays of a site as they are kept. */
export interface StoredCalendar {
  readonly version: number;
  readonly base: 'none' | 'china';
  readonly years: readonly DutyCalendarYear[];
}

/** Version 0 where a site has set none. */
export async function findCalendar(db: Queryable, site: string): Promise<StoredCalendar> {
  const row = await db
    .selectFrom('duty_calendar')
    .select(['version', 'base', 'years'])
    .where('site', '=', site)
    .executeTakeFirst();
  return row ?? { version: 0, base: 'none', years: [] };
}

/** Stores it, in place of the one with the version before; false: somebody else was faster. */
export async function writeCalendar(
  tx: Queryable,
  site: string,
  { version, base, years }: StoredCalendar,
  at: string,
): Promise<boolean> {
  const row = { version, base, years: JSON.stringify(years), changed_at: at };
  const done = await tx
    .insertInto('duty_calendar')
    .values({ site, ...row })
    .onConflict((conflict) =>
      conflict
        .column('site')
        .doUpdateSet(row)
        .where('duty_calendar.version', '=', version - 1),
    )
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}
