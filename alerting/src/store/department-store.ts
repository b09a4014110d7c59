import type { IncidentConcern } from '@watchpost/contracts/alert';
import type { DepartmentKind } from '@watchpost/contracts/api';
import { type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';

/** A department as it is kept. */
export interface StoredDepartment {
  readonly site: string;
  readonly id: string;
  readonly version: number;
  readonly kind: DepartmentKind;
  readonly name: string;
  readonly zones: readonly string[] | null;
  readonly concerns: readonly IncidentConcern[] | null;
  readonly receiver: string | null;
  readonly dispatchers: readonly string[];
  readonly isEnded: boolean;
}

/** A unit as it is kept. */
export interface StoredUnit {
  readonly site: string;
  readonly id: string;
  readonly department: string;
  readonly version: number;
  readonly name: string;
  readonly duty: 'rotas' | 'always';
  readonly members: readonly string[];
  readonly isEnded: boolean;
}

function toDepartment(row: Selectable<Database['department']>): StoredDepartment {
  const { site, id, version, kind, name, zones, concerns, receiver, dispatchers } = row;
  return {
    ...{ site, id, version, kind, name, zones, concerns, receiver, dispatchers },
    isEnded: row.ended_at !== null,
  };
}

function toUnit(row: Selectable<Database['response_unit']>): StoredUnit {
  const { site, id, department, version, name, duty, members } = row;
  return { site, id, department, version, name, duty, members, isEnded: row.ended_at !== null };
}

/** The departments of sites by name; those that ended only where they are asked for. */
export async function departmentsOf(
  db: Queryable,
  sites: readonly string[],
  withEnded = false,
): Promise<StoredDepartment[]> {
  if (sites.length === 0) return [];
  const query = db.selectFrom('department').selectAll().where('site', 'in', sites);
  const rows = await (withEnded ? query : query.where('ended_at', 'is', null))
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(toDepartment);
}

/** One department, also one that ended; with `lock` nobody else changes it until the commit. */
export async function findDepartment(
  db: Queryable,
  sites: readonly string[],
  id: string,
  lock = false,
): Promise<StoredDepartment | undefined> {
  if (sites.length === 0) return undefined;
  const query = db.selectFrom('department').selectAll().where('site', 'in', sites).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toDepartment(row);
}

const departmentColumns = ({
  version,
  kind,
  name,
  zones,
  concerns,
  receiver,
  dispatchers,
}: StoredDepartment) => ({
  ...{ version, kind, name, receiver },
  zones: zones === null ? null : JSON.stringify(zones),
  concerns: concerns === null ? null : JSON.stringify(concerns),
  dispatchers: JSON.stringify(dispatchers),
});

/** Stores a new department; false: its id is taken, on whichever site. */
export async function insertDepartment(tx: Queryable, made: StoredDepartment, at: string): Promise<boolean> {
  const { site, id } = made;
  const done = await tx
    .insertInto('department')
    .values({ site, id, made_at: at, ...departmentColumns(made) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Stores what a department is now. */
export async function updateDepartment(tx: Queryable, changed: StoredDepartment): Promise<void> {
  const { site, id } = changed;
  const change = tx.updateTable('department').set(departmentColumns(changed));
  await change.where('site', '=', site).where('id', '=', id).execute();
}

/** Nothing is offered to it any more, and its units with it. */
export async function endDepartment(
  tx: Queryable,
  { site, id }: Pick<StoredDepartment, 'site' | 'id'>,
  at: string,
): Promise<void> {
  await tx
    .updateTable('department')
    .set({ ended_at: at })
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
  const units = tx.updateTable('response_unit').set({ ended_at: at }).where('ended_at', 'is', null);
  await units.where('site', '=', site).where('department', '=', id).execute();
}

/** Units of departments by name; those that ended only where they are asked for. */
export async function unitsOf(
  db: Queryable,
  departments: readonly string[],
  withEnded = false,
): Promise<StoredUnit[]> {
  if (departments.length === 0) return [];
  const query = db.selectFrom('response_unit').selectAll().where('department', 'in', departments);
  const rows = await (withEnded ? query : query.where('ended_at', 'is', null))
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(toUnit);
}

/** One unit, also one that ended; with `lock` nobody else changes it until the commit. */
export async function findUnit(
  db: Queryable,
  sites: readonly string[],
  id: string,
  lock = false,
): Promise<StoredUnit | undefined> {
  if (sites.length === 0) return undefined;
  const query = db.selectFrom('response_unit').selectAll().where('site', 'in', sites).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toUnit(row);
}

/** Stores a new unit; false: its id is taken, on whichever site. */
export async function insertUnit(tx: Queryable, made: StoredUnit, at: string): Promise<boolean> {
  const { site, id, department, version, name, duty, members } = made;
  const done = await tx
    .insertInto('response_unit')
    .values({ site, id, department, version, name, duty, members: JSON.stringify(members), made_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Stores what a unit is now. */
export async function updateUnit(tx: Queryable, changed: StoredUnit): Promise<void> {
  const { site, id, version, name, duty, members } = changed;
  const change = tx
    .updateTable('response_unit')
    .set({ version, name, duty, members: JSON.stringify(members) });
  await change.where('site', '=', site).where('id', '=', id).execute();
}

/** It takes no tasks any more. */
export async function endUnit(
  tx: Queryable,
  { site, id }: Pick<StoredUnit, 'site' | 'id'>,
  at: string,
): Promise<void> {
  const change = tx.updateTable('response_unit').set({ ended_at: at });
  await change.where('site', '=', site).where('id', '=', id).execute();
}

/** How somebody belongs to departments of sites that have not ended; who dispatches one counts as that. */
export async function partsOf(
  db: Queryable,
  sites: readonly string[],
  account: string,
): Promise<ReadonlyMap<string, 'dispatch' | 'field'>> {
  if (sites.length === 0) return new Map();
  const own = sql`jsonb_build_array(${account}::text)`;
  const { rows } = await sql<{ id: string; part: 'dispatch' | 'field' }>`
    select id::text as id, case when dispatchers @> ${own} then 'dispatch' else 'field' end as part
    from department where site in (${sql.join(sites)}) and ended_at is null and (dispatchers @> ${own}
      or exists (select from response_unit as unit where unit.site = department.site
        and unit.department = department.id and unit.ended_at is null and unit.members @> ${own}))`.execute(
    db,
  );
  return new Map(rows.map(({ id, part }) => [id, part]));
}

/** Whether a site has this receiver. */
export async function hasReceiver(db: Queryable, site: string, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('receiver')
    .select('id')
    .where('site', '=', site)
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}
