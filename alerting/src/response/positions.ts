import type { OwnPosition, PositionRequest, ResponseSubject } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { plansOf, type Site } from '@watchpost/contracts/site';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { toLatLng, toPlan } from '../places/plan-projection.ts';
import { type SiteDirectory, siteDirectory } from '../places/site-directory.ts';
import { departmentsOf, unitsOf } from '../store/department-store.ts';
import {
  consentingPeople,
  deleteConsent,
  forgetPlaces,
  forgetPositions,
  positionsOf,
  writeConsent,
  writePosition,
} from '../store/officer-position-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { OnDutyLookup } from './departments.ts';
import type { EarthPoint, LastPosition } from './nearest-units.ts';
import { defaultResponsePolicy, type ResponsePolicy, responsePolicy } from './policy.ts';
import { type Asking, note } from './reach.ts';

/** A site, as far as positions on it are concerned. */
export interface PositionSite {
  readonly directory: SiteDirectory;
  readonly policy: ResponsePolicy;
}

/** What positions need of a site. */
export const positionSite = (
  site: Site,
  policy?: { readonly response: ResponsePolicy } | undefined,
): PositionSite => ({ directory: siteDirectory(site), policy: policy?.response ?? defaultResponsePolicy });

/** What {@link Positions} needs. */
export interface PositionsOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly duty: OnDutyLookup;
  readonly sites: ReadonlyMap<string, PositionSite>;
}

/**
 * Where officers are: by their consent, on duty alone, the last position and no track, for who gives them
 * tasks. What is older than its time does not exist, whether it is deleted yet or not.
 */
export class Positions {
  readonly #options: PositionsOptions;

  constructor(options: PositionsOptions) {
    this.#options = options;
  }

  /** What is known of the person. */
  async own({ person }: Asking, site: SiteId): Promise<OwnPosition> {
    const { db } = this.#options;
    const [found] = await positionsOf(db, site, [person.account], this.#since(site));
    const { positionsKept } = this.#policy(site);
    const position = found?.position;
    return {
      ...{
        site,
        consentedAt: found?.consentedAt ?? null,
        onDuty: await this.#isOnDuty(site, person.account),
      },
      position: position
        ? {
            ...{ latitude: position.latitude, longitude: position.longitude },
            ...{ accuracyM: position.accuracyM, at: position.receivedAt },
          }
        : null,
      keptMinutes: Math.round(positionsKept / 60_000),
      everySeconds: responsePolicy.positionEveryMs / 1000,
    };
  }

  /** The person agrees, until they end it or their duty does. @throws WatchpostError `response.off_duty` */
  async consent(asking: Asking, site: SiteId): Promise<OwnPosition> {
    const { db } = this.#options;
    const { person } = asking;
    if (!(await this.#isOnDuty(site, person.account))) throw new WatchpostError('response.off_duty');
    await db.transaction().execute(async (tx) => {
      const [before] = await positionsOf(tx, site, [person.account], this.#since(site));
      if (before) return;
      await writeConsent(tx, site, person.account, this.#now());
      const subject = { kind: 'account', id: person.account };
      await note(tx, this.#now(), person, { site, action: 'position_consented', subject });
    });
    return this.own(asking, site);
  }

  /** The person does not agree any more; what is known of them is erased now. */
  async end(asking: Asking, site: SiteId): Promise<OwnPosition> {
    const { person } = asking;
    await this.#options.db.transaction().execute(async (tx) => {
      if (!(await deleteConsent(tx, site, person.account))) return;
      const subject = { kind: 'account', id: person.account };
      await note(tx, this.#now(), person, { site, action: 'position_ended', subject });
    });
    return this.own(asking, site);
  }

  /**
   * Takes the place of the position before. Who is not on duty any more is asked anew.
   * @throws WatchpostError `response.no_consent`, `response.off_duty`, `api.too_many_requests`
   */
  async take(asking: Asking, site: SiteId, request: PositionRequest): Promise<OwnPosition> {
    const { db, nowMs } = this.#options;
    const { account } = asking.person;
    const [before] = await positionsOf(db, site, [account], this.#since(site));
    if (!before) throw new WatchpostError('response.no_consent');
    if (!(await this.#isOnDuty(site, account))) {
      await deleteConsent(db, site, account);
      throw new WatchpostError('response.off_duty');
    }
    const { positionEveryMs } = responsePolicy;
    const sinceMs = before.position ? nowMs() - Date.parse(before.position.receivedAt) : positionEveryMs;
    if (sinceMs >= 0 && sinceMs < positionEveryMs)
      throw new WatchpostError('api.too_many_requests', {
        details: { retryAfterSeconds: Math.ceil((positionEveryMs - sinceMs) / 1000) },
      });
    if (!(await writePosition(db, site, account, { ...request, receivedAt: this.#now() })))
      throw new WatchpostError('response.no_consent');
    return this.own(asking, site);
  }

  /** Where these people are who agree to it and are on duty; by account. */
  async ofMembers(site: SiteId, members: ReadonlySet<string>): Promise<ReadonlyMap<string, LastPosition>> {
    const { db } = this.#options;
    const onDuty = await this.#onDuty(site);
    const asked = [...members].filter((member) => onDuty.has(member));
    const found = await positionsOf(db, site, asked, this.#since(site));
    return new Map(
      found.flatMap(({ account, position }) =>
        position
          ? [
              [
                account,
                {
                  ...{ latitude: position.latitude, longitude: position.longitude },
                  ...{ accuracyM: position.accuracyM, atMs: Date.parse(position.receivedAt) },
                },
              ],
            ]
          : [],
      ),
    );
  }

  /** Where on the earth a subject is; undefined where its device stands on no plan. */
  placeOf({ site, zone, device }: Pick<ResponseSubject, 'site' | 'zone' | 'device'>): EarthPoint | undefined {
    const directory = this.#options.sites.get(site)?.directory;
    const at = directory?.device(device)?.at;
    if (!directory || !at) return undefined;
    const [latitude, longitude] = toLatLng(directory.planOf(zone).northWest, at);
    return { latitude, longitude };
  }

  /** Where on a plan of the site somebody is: the first that it lies on; undefined: on none. */
  onPlan(site: SiteId, { latitude, longitude }: EarthPoint) {
    const directory = this.#options.sites.get(site)?.directory;
    for (const plan of directory ? plansOf(directory.site) : []) {
      const [x, y] = toPlan(plan.northWest, [latitude, longitude]);
      if (x < 0 || y < 0 || x > plan.widthM || y > plan.heightM) continue;
      return { plan: plan.id, at: [Math.round(x), Math.round(y)] satisfies [number, number] };
    }
    return undefined;
  }

  /** Positions that are older count for nothing in a proposal. */
  usedForMs(site: SiteId): number {
    return this.#policy(site).positionUsedFor;
  }

  /** Deletes what is older than its time, and whatever there is of people who are not on duty any more. */
  async forget(): Promise<void> {
    const { db, sites } = this.#options;
    for (const id of sites.keys()) {
      const site = siteIdSchema.parse(id);
      if ((await consentingPeople(db, site)).length === 0) continue;
      await forgetPositions(db, site, { before: this.#since(site), onDuty: [...(await this.#onDuty(site))] });
    }
  }

  /**
   * At the end of the service: a database that stands still is copied before upgrades. After a crash the
   * database itself empties a table that is unlogged.
   */
  stop(): Promise<void> {
    const { db, sites } = this.#options;
    return forgetPlaces(db, [...sites.keys()]);
  }

  async #isOnDuty(site: SiteId, account: string): Promise<boolean> {
    return (await this.#onDuty(site)).has(account);
  }

  /** By a rota, or as one of a post that is always manned. */
  async #onDuty(site: SiteId): Promise<ReadonlySet<string>> {
    const { db, duty, nowMs } = this.#options;
    const departments = await departmentsOf(db, [site]);
    const units = await unitsOf(
      db,
      departments.map(({ id }) => id),
    );
    const manned = units.filter((unit) => unit.duty === 'always').flatMap(({ members }) => members);
    return new Set([...(await duty.peopleOnDuty(db, site, nowMs())), ...manned]);
  }

  #policy(site: SiteId): ResponsePolicy {
    return this.#options.sites.get(site)?.policy ?? defaultResponsePolicy;
  }

  #since(site: SiteId): string {
    return new Date(this.#options.nowMs() - this.#policy(site).positionsKept).toISOString();
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}
