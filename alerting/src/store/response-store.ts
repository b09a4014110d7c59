import type { TaskState } from '@watchpost/contracts/api';
import { type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';

/** What was offered to a department, as it is kept. */
export interface StoredOffer {
  readonly site: string;
  readonly id: string;
  readonly version: number;
  readonly subject: string;
  readonly department: string;
  readonly note: string;
  readonly offeredAt: string;
  readonly offeredBy: { readonly account: string; readonly name: string };
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
}

/** A task as it is kept. */
export interface StoredTask {
  readonly site: string;
  readonly id: string;
  readonly version: number;
  readonly offer: string;
  readonly unit: string;
  readonly state: TaskState;
  readonly since: string;
  readonly offeredAt: string;
  readonly offeredBy: string;
}

/** A step of a task as it is kept. */
export interface StoredStep {
  readonly at: string;
  readonly from: TaskState | null;
  readonly to: TaskState;
  readonly by: string;
  readonly reason: string | null;
  readonly request: string;
}

/** Where a page of a list goes on: after this row. */
export interface AfterRow {
  readonly at: string;
  readonly id: string;
}

const overStates = sql`('done', 'declined', 'recalled')`;

function toOffer(row: Selectable<Database['response_offer']>): StoredOffer {
  const { site, id, version, subject, department, note } = row;
  return {
    ...{ site, id, version, subject, department, note },
    offeredAt: row.offered_at.toISOString(),
    offeredBy: { account: row.offered_by, name: row.offered_by_name },
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by_name,
    endedAt: row.ended_at?.toISOString() ?? null,
    ...{ endedBy: row.ended_by_name, endReason: row.end_reason },
  };
}

function toTask(row: Selectable<Database['response_task']>): StoredTask {
  const { site, id, version, offer, unit, state } = row;
  return {
    ...{ site, id, version, offer, unit, state },
    since: row.since.toISOString(),
    offeredAt: row.offered_at.toISOString(),
    offeredBy: row.offered_by_name,
  };
}

/** One offer; with `lock` nobody else changes it until the commit. */
export async function findOffer(
  db: Queryable,
  sites: readonly string[],
  id: string,
  lock = false,
): Promise<StoredOffer | undefined> {
  if (sites.length === 0) return undefined;
  const query = db.selectFrom('response_offer').selectAll().where('site', 'in', sites).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toOffer(row);
}

/** Offers of these ids that nobody else is changing, locked for the rest of the transaction. */
export async function lockFreeOffers(
  tx: Queryable,
  site: string,
  ids: readonly string[],
): Promise<{ readonly locked: ReadonlyMap<string, StoredOffer>; readonly busy: ReadonlySet<string> }> {
  const of = tx
    .selectFrom('response_offer')
    .where('site', '=', site)
    .where('id', 'in', [...ids]);
  const rows = await of.selectAll().orderBy('id').forUpdate().skipLocked().execute();
  const locked = new Map(rows.map((row) => [row.id, toOffer(row)]));
  if (locked.size === new Set(ids).size) return { locked, busy: new Set() };
  const there = await of.select('id').execute();
  return { locked, busy: new Set(there.flatMap(({ id }) => (locked.has(id) ? [] : [id]))) };
}

/** Whatever was offered of a subject, or of an incident that is part of it now; the first first. */
export async function offersOf(db: Queryable, site: string, subject: string): Promise<StoredOffer[]> {
  const rows = await db
    .selectFrom('response_offer')
    .selectAll()
    .where('site', '=', site)
    .where((eb) =>
      eb.or([
        eb('subject', '=', subject),
        eb('subject', 'in', (one) =>
          one.selectFrom('incident').select('id').where('site', '=', site).where('merged_into', '=', subject),
        ),
      ]),
    )
    .orderBy('offered_at')
    .orderBy('id')
    .execute();
  return rows.map(toOffer);
}

/** Which offers or tasks of departments or units. */
export interface ListFilter {
  /** Ids of departments, or of units. */
  readonly of: readonly string[];
  readonly withEnded: boolean;
  readonly after: AfterRow | undefined;
  readonly limit: number;
}

/** Offers to departments, the newest first. */
export async function listOffers(
  db: Queryable,
  { of, withEnded, after, limit }: ListFilter,
): Promise<StoredOffer[]> {
  if (of.length === 0) return [];
  let query = db.selectFrom('response_offer').selectAll().where('department', 'in', of);
  if (!withEnded) query = query.where('ended_at', 'is', null);
  if (after)
    query = query.where(sql<boolean>`(offered_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  const rows = await query.orderBy('offered_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toOffer);
}

/** Tasks of units, those that changed last first. */
export async function listTasks(
  db: Queryable,
  { of, withEnded, after, limit }: ListFilter,
): Promise<StoredTask[]> {
  if (of.length === 0) return [];
  let query = db.selectFrom('response_task').selectAll().where('unit', 'in', of);
  if (!withEnded) query = query.where(sql<boolean>`state not in ${overStates}`);
  if (after) query = query.where(sql<boolean>`(since, id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  const rows = await query.orderBy('since', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toTask);
}

/** Stores a new offer; false: its id is taken, on whichever site. */
export async function insertOffer(tx: Queryable, made: StoredOffer): Promise<boolean> {
  const { site, id, version, subject, department, note, offeredAt, offeredBy } = made;
  const done = await tx
    .insertInto('response_offer')
    .values({
      ...{ site, id, version, subject, department, note, offered_at: offeredAt },
      ...{ offered_by: offeredBy.account, offered_by_name: offeredBy.name },
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Stores what became of an offer. */
export async function updateOffer(tx: Queryable, changed: StoredOffer): Promise<void> {
  const { site, id, version, acknowledgedAt, acknowledgedBy, endedAt, endedBy, endReason } = changed;
  const change = tx.updateTable('response_offer').set({
    ...{ version, acknowledged_at: acknowledgedAt, acknowledged_by_name: acknowledgedBy },
    ...{ ended_at: endedAt, ended_by_name: endedBy, end_reason: endReason },
  });
  await change.where('site', '=', site).where('id', '=', id).execute();
}

/** Tasks of offers, the first first. */
export async function tasksOf(db: Queryable, offers: readonly string[]): Promise<StoredTask[]> {
  if (offers.length === 0) return [];
  const rows = await db
    .selectFrom('response_task')
    .selectAll()
    .where('offer', 'in', offers)
    .orderBy('offered_at')
    .orderBy('id')
    .execute();
  return rows.map(toTask);
}

/** States of the tasks of units that are not over. */
export async function openTasksOf(
  db: Queryable,
  units: readonly string[],
): Promise<ReadonlyMap<string, readonly TaskState[]>> {
  const states = new Map<string, TaskState[]>(units.map((unit) => [unit, []]));
  if (units.length === 0) return states;
  const rows = await db
    .selectFrom('response_task')
    .select(['unit', 'state'])
    .where('unit', 'in', units)
    .where(sql<boolean>`state not in ${overStates}`)
    .execute();
  for (const { unit, state } of rows) states.get(unit)?.push(state);
  return states;
}

/** One task; with `lock` nobody else changes it until the commit. */
export async function findTask(
  db: Queryable,
  sites: readonly string[],
  id: string,
  lock = false,
): Promise<StoredTask | undefined> {
  if (sites.length === 0) return undefined;
  const query = db.selectFrom('response_task').selectAll().where('site', 'in', sites).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toTask(row);
}

/** Stores a new task with its first step; false: its id is taken, on whichever site. */
export async function insertTask(tx: Queryable, made: StoredTask, step: StoredStep): Promise<boolean> {
  const { site, id, version, offer, unit, state, since, offeredAt, offeredBy } = made;
  const done = await tx
    .insertInto('response_task')
    .values({
      ...{ site, id, version, offer, unit, state, since },
      ...{ offered_at: offeredAt, offered_by_name: offeredBy },
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (Number(done.numInsertedOrUpdatedRows ?? 0) === 0) return false;
  await insertStep(tx, made, step);
  return true;
}

/** Stores where a task stands after a step. */
export async function updateTask(tx: Queryable, changed: StoredTask, step: StoredStep): Promise<void> {
  const { site, id, version, state, since } = changed;
  const change = tx.updateTable('response_task').set({ version, state, since });
  await change.where('site', '=', site).where('id', '=', id).execute();
  await insertStep(tx, changed, step);
}

async function insertStep(
  tx: Queryable,
  { site, id, version }: Pick<StoredTask, 'site' | 'id' | 'version'>,
  { at, from, to, by, reason, request }: StoredStep,
): Promise<void> {
  await tx
    .insertInto('response_step')
    .values({ site, task: id, version, at, from_state: from, to_state: to, by_name: by, reason, request })
    .execute();
}

/** What an earlier request with this id did on these sites. */
export async function stepByRequest(
  db: Queryable,
  sites: readonly string[],
  request: string,
): Promise<{ readonly task: string; readonly to: TaskState } | undefined> {
  const row = await db
    .selectFrom('response_step')
    .select(['task', 'to_state'])
    .where('site', 'in', sites)
    .where('request', '=', request)
    .executeTakeFirst();
  return row && { task: row.task, to: row.to_state };
}

/** Deletes what ended before a time: offers with their tasks, then units and departments without any. */
export async function forgetResponse(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from response_offer where site = ${site} and ended_at < ${before}::timestamptz`.execute(
    db,
  );
  // What nobody ended, of an incident that is forgotten.
  await sql`delete from response_offer as offer where site = ${site} and offered_at < ${before}::timestamptz
    and not exists (select from incident where incident.site = offer.site and incident.id = offer.subject)
    and not exists (select from response_task as task where task.site = offer.site and task.offer = offer.id
      and task.state not in ${overStates})`.execute(db);
  await sql`delete from response_unit as unit where site = ${site} and ended_at < ${before}::timestamptz
    and not exists (select from response_task as task where task.site = unit.site and task.unit = unit.id)`.execute(
    db,
  );
  await sql`delete from department where site = ${site} and ended_at < ${before}::timestamptz
    and not exists (select from response_offer as offer where offer.site = department.site
      and offer.department = department.id)`.execute(db);
}
