import { WatchpostError } from '@watchpost/contracts/errors';
import { findUnit } from '../store/department-store.ts';
import {
  insertTask,
  openTasksOf,
  type StoredOffer,
  type StoredTask,
  tasksOf,
} from '../store/response-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { Departments } from './departments.ts';
import { responsePolicy } from './policy.ts';
import { type Asking, idTaken } from './reach.ts';
import { isOver } from './task-ladder.ts';

/** What {@link giveUnit} needs. */
export interface GiveUnitOptions {
  readonly departments: Pick<Departments, 'stateOf'>;
  readonly nowMs: () => number;
}

/**
 * Writes a task of a unit. In a transaction that holds the offer.
 * @throws WatchpostError `response.unit_unknown`, `response.too_many`, `response.offered`,
 *   `response.reason_needed`, `api.invalid` for an id of another one
 */
export async function giveUnit(
  tx: Queryable,
  { departments, nowMs }: GiveUnitOptions,
  { person }: Asking,
  offer: StoredOffer,
  {
    id,
    unit: unitId,
    reason,
    path,
  }: {
    readonly id: string;
    readonly unit: string;
    readonly reason?: string | undefined;
    readonly path: string;
  },
): Promise<void> {
  const unit = await findUnit(tx, [offer.site], unitId, true);
  if (!unit || unit.isEnded || unit.department !== offer.department)
    throw new WatchpostError('response.unit_unknown', { path });
  const open = (await openTasksOf(tx, [unitId])).get(unitId) ?? [];
  if (open.length >= responsePolicy.openTasksAtMost)
    throw new WatchpostError('response.too_many', {
      path,
      details: { limit: responsePolicy.openTasksAtMost },
    });
  const known = await tasksOf(tx, [offer.id]);
  if (known.some((task) => task.unit === unitId && !isOver(task.state)))
    throw new WatchpostError('response.offered', { path });
  const state = await departments.stateOf(tx, unit, open);
  if (state !== 'available' && reason === undefined)
    throw new WatchpostError('response.reason_needed', {
      path: '/reason',
      details: { state, unit: unitId },
    });
  const at = new Date(nowMs()).toISOString();
  const task: StoredTask = {
    ...{ site: offer.site, id, version: 1, offer: offer.id, unit: unitId, state: 'offered' },
    ...{ since: at, offeredAt: at, offeredBy: person.name },
  };
  const step = { at, from: null, to: 'offered', by: person.name, reason: reason ?? null } as const;
  if (!(await insertTask(tx, task, { ...step, request: id }))) throw idTaken();
}
