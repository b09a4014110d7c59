import { isDeepStrictEqual } from 'node:util';
import {
  type Department,
  type DepartmentEdit,
  type DepartmentPart,
  type DepartmentRequest,
  type ResponseUnit,
  type Role,
  rolePermissions,
  roles,
  type TaskState,
  type UnitEdit,
  type UnitRequest,
  type UnitState,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type SiteId, siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { personNamed } from '../duty/duty-view.ts';
import { maySomebody } from '../governance/person.ts';
import {
  departmentsOf,
  endDepartment,
  endUnit,
  findDepartment,
  findUnit,
  hasReceiver,
  insertDepartment,
  insertUnit,
  type StoredDepartment,
  type StoredUnit,
  unitsOf,
  updateDepartment,
  updateUnit,
} from '../store/department-store.ts';
import { namesOf, peopleWithRole } from '../store/duty-people-store.ts';
import { listOffers, openTasksOf } from '../store/response-store.ts';
import type { Queryable } from '../store/schema.ts';
import { responsePolicy } from './policy.ts';
import { type Asking, type AskingOne, idTaken, note, partsFor } from './reach.ts';
import { unitIsOnDuty, unitState } from './unit-state.ts';

/** Who is on duty on a site at an instant, by any of its rotas. */
export interface OnDutyLookup {
  peopleOnDuty(db: Queryable, site: SiteId, atMs: number): Promise<ReadonlySet<string>>;
}

/** What {@link Departments} needs. */
export interface DepartmentsOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly duty: OnDutyLookup;
  /** The zones of each site. */
  readonly zones: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Roles whose people may take tasks. */
const takingRoles: readonly Role[] = roles.filter((role) => rolePermissions[role].includes('response.take'));

/**
 * The departments of sites and their units. Everybody who works with them sees that they are there; who is in
 * them is for who is of them and who keeps them, what their units do is for who is of them alone.
 */
export class Departments {
  readonly #options: DepartmentsOptions;

  constructor(options: DepartmentsOptions) {
    this.#options = options;
  }

  /** By name. */
  async list(asking: Asking): Promise<Department[]> {
    const { db } = this.#options;
    return this.#views(asking, await departmentsOf(db, asking.sites));
  }

  /**
   * Makes one. A repeat of the same request has the first answer.
   * @throws WatchpostError `response.person_unknown`, `response.zone_unknown`, `response.receiver_unknown`,
   *   `response.name_taken`, `response.too_many`, `api.invalid` for an id of another one
   */
  async make({ person, sites }: Asking, site: SiteId, request: DepartmentRequest): Promise<Department> {
    const made: StoredDepartment = { site, version: 1, isEnded: false, ...request };
    await this.#options.db.transaction().execute(async (tx) => {
      const before = await findDepartment(tx, [site], made.id);
      if (before) {
        if (isDeepStrictEqual(before, made)) return;
        throw idTaken();
      }
      const others = await departmentsOf(tx, [site]);
      if (others.length >= responsePolicy.departmentsAtMost)
        throw new WatchpostError('response.too_many', {
          details: { limit: responsePolicy.departmentsAtMost },
        });
      await this.#check(tx, made, others);
      if (!(await insertDepartment(tx, made, this.#now()))) throw idTaken();
      const details = { kind: made.kind, name: made.name };
      await this.#note(tx, person, 'department_made', made, details);
    });
    return this.#one({ person, sites, id: made.id });
  }

  /** Changes what it is. @throws WatchpostError as {@link make}, and `api.not_found`, `response.stale` */
  async change(asking: AskingOne, { version, ...plan }: DepartmentEdit): Promise<Department> {
    await this.#options.db.transaction().execute(async (tx) => {
      const before = await this.#find(tx, asking);
      if (before.version !== version) throw new WatchpostError('response.stale', { path: '/version' });
      const changed = { ...before, ...plan, version: version + 1 };
      const others = (await departmentsOf(tx, [before.site])).filter(({ id }) => id !== before.id);
      await this.#check(tx, changed, others);
      await updateDepartment(tx, changed);
      const details = { name: changed.name, version: changed.version };
      await this.#note(tx, asking.person, 'department_changed', changed, details);
    });
    return this.#one(asking);
  }

  /** Nothing is offered to it any more. @throws WatchpostError `api.not_found`, `response.in_use` */
  async end(asking: AskingOne, reason: string): Promise<void> {
    await this.#options.db.transaction().execute(async (tx) => {
      const before = await this.#find(tx, asking);
      const open = { of: [before.id], withEnded: false, after: undefined, limit: 1 };
      if ((await listOffers(tx, open)).length > 0) throw new WatchpostError('response.in_use');
      await endDepartment(tx, before, this.#now());
      await this.#note(tx, asking.person, 'department_ended', before, { name: before.name }, reason);
    });
  }

  /** Makes a unit of a department. @throws WatchpostError as {@link make} */
  async makeUnit(asking: AskingOne, request: UnitRequest): Promise<Department> {
    await this.#options.db.transaction().execute(async (tx) => {
      const department = await this.#find(tx, asking);
      const { site } = department;
      const made: StoredUnit = { site, department: department.id, version: 1, isEnded: false, ...request };
      const before = await findUnit(tx, [site], made.id);
      if (before) {
        if (isDeepStrictEqual(before, made)) return;
        throw idTaken();
      }
      const others = await unitsOf(tx, [department.id]);
      if (others.length >= responsePolicy.unitsAtMost)
        throw new WatchpostError('response.too_many', { details: { limit: responsePolicy.unitsAtMost } });
      await this.#checkUnit(tx, made, others);
      if (!(await insertUnit(tx, made, this.#now()))) throw idTaken();
      await this.#noteUnit(tx, asking.person, 'unit_made', made);
    });
    return this.#one(asking);
  }

  /** Changes a unit. @throws WatchpostError as {@link change} */
  async changeUnit(asking: AskingOne, { version, ...plan }: UnitEdit): Promise<Department> {
    const id = await this.#options.db.transaction().execute(async (tx) => {
      const before = await this.#findUnit(tx, asking);
      if (before.version !== version) throw new WatchpostError('response.stale', { path: '/version' });
      const changed = { ...before, ...plan, version: version + 1 };
      const others = (await unitsOf(tx, [before.department])).filter((one) => one.id !== before.id);
      await this.#checkUnit(tx, changed, others);
      await updateUnit(tx, changed);
      await this.#noteUnit(tx, asking.person, 'unit_changed', changed);
      return before.department;
    });
    return this.#one({ ...asking, id });
  }

  /** It takes no tasks any more. @throws WatchpostError `api.not_found`, `response.in_use` */
  async endUnit(asking: AskingOne, reason: string): Promise<void> {
    await this.#options.db.transaction().execute(async (tx) => {
      const before = await this.#findUnit(tx, asking);
      if (((await openTasksOf(tx, [before.id])).get(before.id) ?? []).length > 0)
        throw new WatchpostError('response.in_use');
      await endUnit(tx, before, this.#now());
      await this.#noteUnit(tx, asking.person, 'unit_ended', before, reason);
    });
  }

  /** Who may be of a unit, or give one its tasks. */
  people(site: SiteId) {
    return peopleWithRole(this.#options.db, site, takingRoles);
  }

  /** Units with what they can take on. */
  async unitsWithState(
    units: readonly StoredUnit[],
  ): Promise<
    ReadonlyMap<string, { readonly state: NonNullable<ResponseUnit['state']>; readonly tasks: number }>
  > {
    const { db, duty, nowMs } = this.#options;
    const open = await openTasksOf(
      db,
      units.map(({ id }) => id),
    );
    const onDuty = new Map<string, ReadonlySet<string>>();
    for (const site of new Set(units.map((unit) => unit.site)))
      onDuty.set(site, await duty.peopleOnDuty(db, siteIdSchema.parse(site), nowMs()));
    return new Map(
      units.map((unit) => {
        const tasks = open.get(unit.id) ?? [];
        const isOnDuty = unitIsOnDuty(unit, onDuty.get(unit.site) ?? new Set());
        return [unit.id, { state: unitState(tasks, isOnDuty), tasks: tasks.length }];
      }),
    );
  }

  /** What a unit can take on that has these tasks. */
  async stateOf(tx: Queryable, unit: StoredUnit, open: readonly TaskState[]): Promise<UnitState> {
    const { duty, nowMs } = this.#options;
    const onDuty = await duty.peopleOnDuty(tx, siteIdSchema.parse(unit.site), nowMs());
    return unitState(open, unitIsOnDuty(unit, onDuty));
  }

  async #one(asking: AskingOne): Promise<Department> {
    const found = await findDepartment(this.#options.db, asking.sites, asking.id);
    const [view] = found ? await this.#views(asking, [found]) : [];
    if (!view) throw new WatchpostError('api.not_found');
    return view;
  }

  async #views(asking: Asking, departments: readonly StoredDepartment[]): Promise<Department[]> {
    const { db } = this.#options;
    const parts = await partsFor(db, asking);
    const keeps = (site: string) => maySomebody(asking.person, site, 'response.manage');
    const shown = departments.filter(({ id, site }) => parts.has(id) || keeps(site));
    const units = await unitsOf(
      db,
      shown.map(({ id }) => id),
    );
    const states = await this.unitsWithState(units.filter(({ department }) => parts.has(department)));
    const names = await namesOf(db, [
      ...shown.flatMap(({ dispatchers }) => dispatchers),
      ...units.flatMap(({ members }) => members),
    ]);
    const people = (ids: readonly string[]) => ids.flatMap((id) => personNamed(names, id) ?? []);
    return departments.map((one) => {
      const part: DepartmentPart = parts.get(one.id) ?? null;
      const isShown = shown.includes(one);
      const { id, version, kind, name } = one;
      return {
        ...{ id, version, kind, name, part, site: siteIdSchema.parse(one.site) },
        zones: one.zones?.map((zone) => zoneIdSchema.parse(zone)) ?? null,
        concerns: one.concerns && [...one.concerns],
        receiver: isShown ? one.receiver : null,
        dispatchers: isShown ? people(one.dispatchers) : null,
        units: isShown
          ? units
              .filter(({ department }) => department === id)
              .map((unit) => ({
                ...{ id: unit.id, version: unit.version, department: id, name: unit.name, duty: unit.duty },
                members: people(unit.members),
                state: states.get(unit.id)?.state ?? null,
                tasks: states.get(unit.id)?.tasks ?? null,
              }))
          : null,
      };
    });
  }

  async #find(tx: Queryable, { sites, id }: AskingOne): Promise<StoredDepartment> {
    const found = await findDepartment(tx, sites, id, true);
    if (!found || found.isEnded) throw new WatchpostError('api.not_found');
    return found;
  }

  async #findUnit(tx: Queryable, { sites, id }: AskingOne): Promise<StoredUnit> {
    const found = await findUnit(tx, sites, id, true);
    if (!found || found.isEnded) throw new WatchpostError('api.not_found');
    return found;
  }

  async #check(
    tx: Queryable,
    { site, name, zones, receiver, dispatchers }: StoredDepartment,
    others: readonly StoredDepartment[],
  ): Promise<void> {
    if (others.some((other) => other.name === name))
      throw new WatchpostError('response.name_taken', { path: '/name' });
    const known = this.#options.zones.get(site) ?? new Set();
    const unknown = (zones ?? []).findIndex((zone) => !known.has(zone));
    if (unknown >= 0) throw new WatchpostError('response.zone_unknown', { path: `/zones/${unknown}` });
    if (receiver !== null && !(await hasReceiver(tx, site, receiver)))
      throw new WatchpostError('response.receiver_unknown', { path: '/receiver' });
    await this.#checkPeople(tx, site, dispatchers, '/dispatchers');
  }

  async #checkUnit(
    tx: Queryable,
    { site, name, members }: StoredUnit,
    others: readonly StoredUnit[],
  ): Promise<void> {
    if (others.some((other) => other.name === name))
      throw new WatchpostError('response.name_taken', { path: '/name' });
    await this.#checkPeople(tx, site, members, '/members');
  }

  async #checkPeople(tx: Queryable, site: string, ids: readonly string[], path: string): Promise<void> {
    if (ids.length === 0) return;
    const people = new Set((await peopleWithRole(tx, site, takingRoles)).map(({ id }) => id));
    const index = ids.findIndex((id) => !people.has(id));
    if (index >= 0) throw new WatchpostError('response.person_unknown', { path: `${path}/${index}` });
  }

  #note(
    tx: Queryable,
    person: Asking['person'],
    action: 'department_made' | 'department_changed' | 'department_ended',
    { site, id }: StoredDepartment,
    details: Readonly<Record<string, string | number>>,
    reason?: string,
  ): Promise<void> {
    const subject = { kind: 'department', id };
    return note(tx, this.#now(), person, { site, action, subject, details, reason: reason ?? null });
  }

  #noteUnit(
    tx: Queryable,
    person: Asking['person'],
    action: 'unit_made' | 'unit_changed' | 'unit_ended',
    { site, id, name, department, members }: StoredUnit,
    reason?: string,
  ): Promise<void> {
    const details = { name, department, members: [...members] };
    return note(tx, this.#now(), person, {
      ...{ site, action, subject: { kind: 'unit', id }, details, reason: reason ?? null },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}
