import type {
  AuditAction,
  AuditDetails,
  Plate,
  PlatePage,
  PlateQuery,
  PlateRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { deviceIdSchema, gatewayIdSchema, type SiteId, zoneIdSchema } from '@watchpost/contracts/wire';
import { gateKeys, issuePlate, type KeyRing, verifyPlate } from '@watchpost/passes';
import { append } from '../governance/audit-log.ts';
import { actorOf, indexOutside, type Person, reachOf, zonesFor } from '../governance/person.ts';
import { fromCursor, toCursor } from '../passes/issued-cursor.ts';
import {
  countPlates,
  findPlate,
  insertPlate,
  newestScans,
  type PlateScans,
  pageOfPlates,
  type StoredPlate,
  scansOf,
  setRetired,
} from '../store/plate-store.ts';
import type { Queryable } from '../store/schema.ts';
import { platePolicy } from './policy.ts';

/** A site, as plates of it are concerned. */
export interface PlateSite {
  readonly zones: ReadonlySet<string>;
  /** Host name under which its plates stand; undefined where nobody has said one. */
  readonly domain: string | undefined;
}

/** What {@link Plates} needs. */
export interface PlatesOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly sites: ReadonlyMap<string, PlateSite>;
  /** What signs plates, by site. */
  readonly rings: ReadonlyMap<string, KeyRing>;
}

/** A plate that a person asks for, and the sites on which they may. */
export interface AskedPlate {
  readonly person: Person;
  readonly sites: readonly SiteId[];
  readonly id: string;
}

/**
 * Address plates of sites: public, static, and without anything of a person. Whatever hangs where a person
 * may not see answers as if it did not exist; every change is one transaction with its entry in the audit
 * log.
 */
export class Plates {
  readonly #options: PlatesOptions;

  constructor(options: PlatesOptions) {
    this.#options = options;
  }

  /** One page, of what exists for the person. @throws WatchpostError `api.invalid` for another cursor */
  async page(person: Person, sites: readonly SiteId[], query: PlateQuery): Promise<PlatePage> {
    const { db } = this.#options;
    const { state, limit, cursor } = query;
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    const found = await pageOfPlates(db, reachOf(person, sites), { state, after, limit: limit + 1 });
    const plates = found.slice(0, limit);
    const scans = await Promise.all(
      reachOf(person, sites).map(async (reach) => {
        const ids = plates.flatMap(({ site, id }) => (site === reach.site ? [id] : []));
        return [reach.site, ids.length > 0 ? await scansOf(db, reach, ids) : undefined] as const;
      }),
    );
    const bySite = new Map(scans);
    const last = plates.at(-1);
    return {
      plates: plates.map((plate) => toListed(plate, bySite.get(plate.site)?.get(plate.id))),
      next: found.length > limit && last ? toCursor(last) : null,
    };
  }

  /** One plate and where it was read. @throws WatchpostError `api.not_found` */
  async get(asked: AskedPlate): Promise<Plate> {
    return this.#view(asked.person, await this.#find(this.#options.db, asked));
  }

  /**
   * Issues a plate. A repeat of the same request has the first answer; its id serves no other.
   * @throws WatchpostError `plate.zone_outside`, `plate.zone_unknown`, `plate.no_domain`, `plate.no_key`,
   *   `plate.too_many`, `api.invalid` for an id of another plate
   */
  async issue(person: Person, site: SiteId, request: PlateRequest): Promise<Plate> {
    const { db } = this.#options;
    const { id, zone, address, name } = request;
    this.#checkZone(person, site, zone);
    const plate = {
      ...{ site, id, zone, address, name, text: this.#sign(site, id) },
      ...{ issuedAt: this.#now(), issuer: { account: person.account, name: person.name } },
    };
    const stored = await db.transaction().execute(async (tx) => {
      const before = await findPlate(tx, [{ site, zones: null }], id, true);
      if (before) return this.#again(before, plate);
      if ((await countPlates(tx, site)) >= platePolicy.goodAtMost)
        throw new WatchpostError('plate.too_many', { details: { limit: platePolicy.goodAtMost } });
      await insertPlate(tx, plate);
      await this.#note(tx, person, plate, 'plate_issued', { details: { zone, address } });
      return { ...plate, retired: null };
    });
    return this.#view(person, stored);
  }

  /** Notes that a plate was taken down. A repeat changes nothing. @throws WatchpostError `api.not_found` */
  async retire(asked: AskedPlate, reason: string): Promise<Plate> {
    const { person } = asked;
    const plate = await this.#options.db.transaction().execute(async (tx) => {
      const before = await this.#find(tx, asked, true);
      if (before.retired) return before;
      const step = { at: this.#now(), by: person.name, reason };
      await setRetired(tx, before, step);
      await this.#note(tx, person, before, 'plate_retired', { reason });
      return { ...before, retired: step };
    });
    return this.#view(person, plate);
  }

  #checkZone(person: Person, site: SiteId, zone: string): void {
    const reach = zonesFor(person, site);
    // Beyond what exists for the person a zone is unknown too, as far as they can tell.
    if (indexOutside(reach, [zone]) >= 0) throw new WatchpostError('plate.zone_outside', { path: '/zone' });
    if (!this.#options.sites.get(site)?.zones.has(zone))
      throw new WatchpostError('plate.zone_unknown', { path: '/zone' });
  }

  /**
   * Whether the address of a plate was signed here, whenever that was: also of one that is retired.
   * @param host by which it was opened; plates of the sites’ present names are known besides
   */
  isGenuine({
    id,
    kid,
    signature,
    host,
  }: {
    readonly id: string;
    readonly kid: string;
    readonly signature: string;
    readonly host: string;
  }): boolean {
    const { sites, rings } = this.#options;
    const keys = [...rings.values()].flatMap(gateKeys);
    const domains = new Set([
      host.toLowerCase(),
      ...[...sites.values()].flatMap(({ domain }) => domain ?? []),
    ]);
    return [...domains].some(
      (domain) =>
        verifyPlate(`https://${domain}/a/${id}?k=${kid}&s=${signature}`, { keys }).outcome === 'accepted',
    );
  }

  #sign(site: SiteId, id: string): string {
    const { sites, rings } = this.#options;
    const domain = sites.get(site)?.domain;
    if (domain === undefined) throw new WatchpostError('plate.no_domain', { details: { site } });
    const ring = rings.get(site);
    if (!ring) throw new WatchpostError('plate.no_key', { details: { site } });
    return issuePlate({ domain, id }, ring.current);
  }

  async #find(db: Queryable, { person, sites, id }: AskedPlate, lock = false): Promise<StoredPlate> {
    const plate = await findPlate(db, reachOf(person, sites), id, lock);
    if (!plate) throw new WatchpostError('api.not_found');
    return plate;
  }

  /** The first answer, for whoever asks for the same again. */
  #again(before: StoredPlate, plate: Omit<StoredPlate, 'retired'>): StoredPlate {
    const saying = ({ zone, address, name, issuer }: typeof plate) =>
      JSON.stringify([zone, address, name, issuer.account]);
    if (saying(before) === saying(plate)) return before;
    throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id of its own' } });
  }

  async #view(person: Person, plate: StoredPlate): Promise<Plate> {
    const { db } = this.#options;
    const { site, id, text, retired } = plate;
    const reach = { site, zones: zonesFor(person, site) };
    const scans = await newestScans(db, reach, id, platePolicy.scansShown);
    return {
      ...toListed(plate, (await scansOf(db, reach, [id])).get(id)),
      ...{ text, retired },
      scansSeen: scans.map(({ at, device, gateway, zone }) => ({
        at,
        device: deviceIdSchema.parse(device),
        gateway: gatewayIdSchema.parse(gateway),
        zone: zoneIdSchema.parse(zone),
      })),
    };
  }

  async #note(
    db: Queryable,
    person: Person,
    { site, id }: Pick<StoredPlate, 'site' | 'id'>,
    action: AuditAction,
    { reason, details }: { readonly reason?: string; readonly details?: AuditDetails },
  ): Promise<void> {
    await append(db, {
      ...{ at: this.#now(), actor: actorOf(person), site, action, outcome: 'done' as const },
      ...{ subject: { kind: 'plate', id }, reason: reason ?? null, details: details ?? {} },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/** A plate as it stands in a list. */
function toListed(plate: StoredPlate, scans: PlateScans | undefined) {
  const { site, id, zone, address, name, issuedAt, issuer, retired } = plate;
  return {
    ...{ site, id, address, name, issuedAt, issuedBy: issuer.name },
    zone: zoneIdSchema.parse(zone),
    state: retired ? ('retired' as const) : ('good' as const),
    scans: scans ?? { count: 0, newest: null },
  };
}
