import type { MemberPlace, UnitMap } from '@watchpost/contracts/api';
import type { SiteId } from '@watchpost/contracts/wire';
import { personNamed } from '../duty/duty-view.ts';
import { departmentsOf, unitsOf } from '../store/department-store.ts';
import { namesOf } from '../store/duty-people-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { Departments } from './departments.ts';
import { responsePolicy } from './policy.ts';
import type { Positions } from './positions.ts';
import { type Asking, note, partsFor } from './reach.ts';

/** What {@link unitMap} needs. */
export interface UnitMapOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly departments: Pick<Departments, 'unitsWithState'>;
  readonly positions: Pick<Positions, 'ofMembers' | 'onPlan' | 'usedForMs'>;
}

/**
 * Where the units are to which a person gives tasks: the last position of who is on duty and agrees to it, on
 * the plans of the site. Nobody else is answered one. That somebody looks is in the audit log.
 */
export class UnitMaps {
  readonly #options: UnitMapOptions;
  /** When it was noted last that somebody looks, by site and account. */
  readonly #notedMs = new Map<string, number>();

  constructor(options: UnitMapOptions) {
    this.#options = options;
  }

  async get(asking: Asking, site: SiteId): Promise<UnitMap> {
    const map = await unitMap(this.#options, asking, site);
    if (map.units.some(({ members }) => members.length > 0)) await this.#noteLook(asking, site);
    return map;
  }

  async #noteLook({ person }: Asking, site: SiteId): Promise<void> {
    const { db, nowMs } = this.#options;
    const [key, atMs] = [`${site} ${person.account}`, nowMs()];
    const before = this.#notedMs.get(key) ?? Number.NEGATIVE_INFINITY;
    if (atMs - before < responsePolicy.lookNotedEveryMs) return;
    for (const [one, ms] of this.#notedMs)
      if (atMs - ms >= responsePolicy.lookNotedEveryMs) this.#notedMs.delete(one);
    this.#notedMs.set(key, atMs);
    const subject = { kind: 'site', id: site };
    const at = new Date(atMs).toISOString();
    await db
      .transaction()
      .execute((tx) => note(tx, at, person, { site, action: 'positions_viewed', subject }));
  }
}

async function unitMap(
  { db, nowMs, departments, positions }: UnitMapOptions,
  { person }: Asking,
  site: SiteId,
): Promise<UnitMap> {
  const parts = await partsFor(db, { person, sites: [site] });
  const own = (await departmentsOf(db, [site])).filter(({ id }) => parts.get(id) === 'dispatch');
  const units = await unitsOf(
    db,
    own.map(({ id }) => id),
  );
  const states = await departments.unitsWithState(units);
  const members = new Set(units.flatMap((unit) => unit.members));
  const [places, names] = [await positions.ofMembers(site, members), await namesOf(db, [...members])];
  const at = nowMs();
  const usedForMs = positions.usedForMs(site);
  const placeOf = (account: string): MemberPlace[] => {
    const last = places.get(account);
    const named = personNamed(names, account);
    if (!last || !named) return [];
    const ageMs = Math.max(0, at - last.atMs);
    return [
      {
        ...{ person: named, accuracyM: Math.round(last.accuracyM), ageSeconds: Math.round(ageMs / 1000) },
        current: ageMs <= usedForMs,
        place: positions.onPlan(site, last) ?? null,
      },
    ];
  };
  const departmentOf = new Map(own.map(({ id, name }) => [id, { id, name }]));
  return {
    units: units.flatMap(({ id, name, department, members: accounts }) => {
      const [of, state] = [departmentOf.get(department), states.get(id)?.state];
      return of && state ? [{ id, name, department: of, state, members: accounts.flatMap(placeOf) }] : [];
    }),
    currentForSeconds: Math.max(1, Math.round(usedForMs / 1000)),
    time: new Date(at).toISOString(),
  };
}
