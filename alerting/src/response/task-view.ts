import type { ResponseSubject, ResponseTask } from '@watchpost/contracts/api';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { maySomebody, type Person } from '../governance/person.ts';
import { type StoredUnit, unitsOf } from '../store/department-store.ts';
import type { StoredOffer, StoredTask } from '../store/response-store.ts';
import type { Queryable } from '../store/schema.ts';
import { stepsFrom, type TaskActor } from './task-ladder.ts';

/** What {@link taskViews} needs. */
export interface TaskViewOptions {
  readonly db: Queryable;
  /** How the person belongs to departments. */
  readonly parts: ReadonlyMap<string, 'dispatch' | 'field'>;
  readonly person: Person;
  readonly about: ReadonlyMap<string, ResponseSubject>;
  /** Those of the tasks. */
  readonly offers: readonly StoredOffer[];
}

/** As whom somebody may take steps of a task; undefined: not at all. */
export function actorOn(
  person: Person,
  part: 'dispatch' | 'field' | undefined,
  unit: Pick<StoredUnit, 'site' | 'members'> | undefined,
): TaskActor | undefined {
  if (!unit) return undefined;
  if (part === 'dispatch' && maySomebody(person, unit.site, 'response.dispatch')) return 'dispatcher';
  if (!maySomebody(person, unit.site, 'response.take')) return undefined;
  return unit.members.includes(person.account) ? 'unit' : undefined;
}

/** Tasks as they are answered to somebody of their departments. */
export async function taskViews(
  { db, parts, person, about, offers }: TaskViewOptions,
  tasks: readonly StoredTask[],
): Promise<ResponseTask[]> {
  const departments = [...new Set(offers.map(({ department }) => department))];
  const units = new Map((await unitsOf(db, departments, true)).map((unit) => [unit.id, unit]));
  const byId = new Map(offers.map((offer) => [offer.id, offer]));
  return tasks.flatMap((task) => {
    const offer = byId.get(task.offer);
    if (!offer) return [];
    const unit = units.get(task.unit);
    const actor = actorOn(person, parts.get(offer.department), unit);
    const { id, version, state, since, offeredAt, offeredBy } = task;
    return {
      ...{ id, version, state, since, offeredAt, offeredBy, site: siteIdSchema.parse(task.site) },
      ...{ offer: offer.id, department: offer.department, note: offer.note },
      unit: { id: task.unit, name: unit?.name ?? '' },
      subject: about.get(offer.subject) ?? null,
      steps: actor && offer.endedAt === null ? stepsFrom(state, actor).map((step) => ({ ...step })) : [],
    };
  });
}
