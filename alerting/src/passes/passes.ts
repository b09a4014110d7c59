import { createHash, randomBytes } from 'node:crypto';
import type {
  AuditAction,
  AuditDetails,
  LinkedPass,
  Pass,
  PassGates,
  PassLink,
  PassPage,
  PassQuery,
  PassRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { LocalizedText, SiteGate } from '@watchpost/contracts/site';
import { gatewayIdSchema, type SiteId } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { actorOf, indexOutside, type Person, reachOf, zonesFor } from '../governance/person.ts';
import {
  countGood,
  findPass,
  insertPass,
  linkOf,
  noteOpened,
  pageOfPasses,
  passOfLink,
  replaceLink,
  type StoredPass,
  setConfirmed,
  setRevoked,
} from '../store/pass-store.ts';
import { newestUses } from '../store/pass-use-store.ts';
import type { Queryable } from '../store/schema.ts';
import { fromCursor, toCursor } from './issued-cursor.ts';
import type { PassSigner } from './issuer-rings.ts';
import { isGood, stateOf, toListedPass } from './pass-view.ts';
import { passPolicy } from './policy.ts';

/** A site, as passes of it are concerned. */
export interface PassSite {
  readonly name: LocalizedText;
  readonly timeZone: string;
  readonly gates: readonly SiteGate[];
}

/** What {@link Passes} needs. */
export interface PassesOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly sites: ReadonlyMap<string, PassSite>;
  readonly signer: PassSigner;
  /** Is told after a commit since which gates refuse other passes than before: gateways are told. */
  readonly refusedOthers: (site: SiteId) => void;
}

/** A pass that a person asks for, and the sites on which they may. */
export interface AskedPass {
  readonly person: Person;
  readonly sites: readonly SiteId[];
  readonly id: string;
}

/**
 * Passes of visitors. Whatever a person may not see answers as if it did not exist; every change is one
 * transaction with its entry in the audit log. A pass is kept as what it says and signed anew whenever it is
 * shown, so that nothing in the database opens a gate.
 */
export class Passes {
  readonly #options: PassesOptions;

  constructor(options: PassesOptions) {
    this.#options = options;
  }

  /** Where a person may let somebody in. */
  gates(person: Person, site: SiteId): PassGates {
    const reach = zonesFor(person, site);
    const gates = this.#options.sites.get(site)?.gates ?? [];
    return {
      time: this.#now(),
      gates: gates.filter(({ zones }) => indexOutside(reach, zones) < 0),
      longestHours: Math.floor(passPolicy.longestMs / 3_600_000),
      usesAtMost: passPolicy.usesAtMost,
    };
  }

  /** One page, of what exists for the person; audited. */
  async page(person: Person, sites: readonly SiteId[], query: PassQuery): Promise<PassPage> {
    const { db, nowMs } = this.#options;
    const { state, gate, over, limit, cursor } = query;
    const found = await pageOfPasses(
      db,
      reachOf(person, sites),
      {
        ...{ state, gate, limit: limit + 1, over: over === 'true' },
        after: cursor === undefined ? undefined : fromCursor(cursor),
      },
      this.#now(),
    );
    const passes = found.slice(0, limit);
    const last = passes.at(-1);
    const details = { sites: [...sites], passes: passes.length };
    const only = sites.length === 1 ? (sites[0] ?? null) : null;
    await this.#note(db, person, only, 'passes_read', { details });
    return {
      passes: passes.map((pass) => toListedPass(pass, nowMs())),
      next: found.length > limit && last ? toCursor(last) : null,
    };
  }

  /** One pass and where it was used; audited. @throws WatchpostError `api.not_found` */
  async get(asked: AskedPass): Promise<Pass> {
    const pass = await this.#find(this.#options.db, asked);
    await this.#note(this.#options.db, asked.person, pass.site, 'pass_viewed', { id: pass.id });
    return this.#view(pass);
  }

  /**
   * Issues a pass. A repeat of the same request has the first answer; its id serves no other.
   * @throws WatchpostError `pass.gate_outside`, `pass.gate_unknown`, `pass.period`, `pass.uses_at_most`,
   *   `pass.too_many`, `pass.no_key`, `api.invalid` for an id of another pass
   */
  async issue(person: Person, site: SiteId, request: PassRequest): Promise<Pass> {
    const { db, nowMs, signer } = this.#options;
    const zones = this.#zonesOf(person, site, request.gates);
    const pass = {
      ...{ site, id: request.id, iss: signer.issuerOf(site), gates: request.gates, zones },
      ...{ purpose: request.purpose, reference: request.reference ?? null },
      ...{ address: request.address ?? null, maxUses: request.maxUses },
      ...wholeSeconds(request, nowMs()),
      ...{ issuedAt: this.#now(), issuer: { account: person.account, name: person.name } },
    };
    const stored = await db.transaction().execute(async (tx) => {
      const before = await findPass(tx, [{ site, zones: null }], request.id, true);
      if (before) return this.#again(before, pass, request);
      this.#check(pass);
      if ((await countGood(tx, site, this.#now())) >= passPolicy.goodAtMost)
        throw new WatchpostError('pass.too_many', { details: { limit: passPolicy.goodAtMost } });
      await insertPass(tx, pass);
      const { gates, notBefore, notAfter, maxUses, purpose } = pass;
      const details = { gates: [...gates], notBefore, notAfter, maxUses, purpose };
      await this.#note(tx, person, site, 'pass_issued', { id: pass.id, details });
      return { ...pass, uses: 0, over: 0, revoked: null, heldAt: null };
    });
    return this.#view(stored);
  }

  /** Takes a pass back: gateways that ask are told at once, the others with their next permit. */
  async revoke(asked: AskedPass, reason: string): Promise<Pass> {
    const { db, nowMs, refusedOthers } = this.#options;
    const { person } = asked;
    const pass = await db.transaction().execute(async (tx) => {
      const before = await this.#find(tx, asked, true);
      if (before.revoked) return before;
      if (Date.parse(before.notAfter) <= nowMs()) throw new WatchpostError('pass.ended');
      const step = { at: this.#now(), by: person.name, reason };
      await setRevoked(tx, before, step);
      await this.#note(tx, person, before.site, 'pass_revoked', {
        ...{ id: before.id, reason, details: { uses: before.uses } },
      });
      return { ...before, revoked: step };
    });
    refusedOthers(pass.site);
    return this.#view(pass);
  }

  /**
   * Passes that are held since a restore are good again, all of these or none.
   * @returns how many were held @throws WatchpostError `api.not_found` with the first that does not exist
   */
  async confirm({ person, sites }: Omit<AskedPass, 'id'>, ids: readonly string[]): Promise<number> {
    const { db, refusedOthers } = this.#options;
    const confirmed = await db.transaction().execute(async (tx) => {
      const held: StoredPass[] = [];
      // In one order, so that two who confirm the same wait for each other and no longer.
      for (const id of [...new Set(ids)].toSorted()) {
        const pass = await findPass(tx, reachOf(person, sites), id, true);
        if (!pass) throw new WatchpostError('api.not_found', { path: `/ids/${ids.indexOf(id)}` });
        if (pass.heldAt === null) continue;
        await setConfirmed(tx, pass);
        const details = { heldAt: pass.heldAt, uses: pass.uses };
        await this.#note(tx, person, pass.site, 'pass_confirmed', { id, details });
        held.push(pass);
      }
      return held;
    });
    for (const site of new Set(confirmed.map(({ site }) => site))) refusedOthers(site);
    return confirmed.length;
  }

  /**
   * A link that shows the pass without a log-in, until the pass ends; the one before leads nowhere from now
   * on. @throws WatchpostError `api.not_found`, `pass.ended`, `pass.held`
   */
  async link(asked: AskedPass): Promise<PassLink> {
    const token = randomBytes(32).toString('base64url');
    const pass = await this.#options.db.transaction().execute(async (tx) => {
      const found = await this.#findGood(tx, asked);
      await replaceLink(tx, found, hashOfLink(token), this.#now());
      await this.#note(tx, asked.person, found.site, 'pass_link_made', { id: found.id });
      return found;
    });
    return { token, expires: pass.notAfter };
  }

  /** What the code of a printed pass says; audited. @throws WatchpostError as {@link link}, `pass.no_key` */
  async show(asked: AskedPass): Promise<string> {
    const pass = await this.#findGood(this.#options.db, asked);
    const text = this.#sign(pass);
    await this.#note(this.#options.db, asked.person, pass.site, 'pass_shown', { id: pass.id });
    return text;
  }

  /** What a visitor’s phone shows. @throws WatchpostError `pass.link_invalid`, `pass.no_key` */
  async open(token: string): Promise<LinkedPass> {
    const { db, nowMs, sites } = this.#options;
    const tokenHash = hashOfLink(token);
    const pass = await passOfLink(db, tokenHash);
    const site = pass && sites.get(pass.site);
    if (!pass || !site || !isGood(pass, nowMs())) throw new WatchpostError('pass.link_invalid');
    const { gates, address, notBefore, notAfter, maxUses } = pass;
    const text = this.#sign(pass);
    await noteOpened(db, tokenHash, this.#now());
    return {
      ...{ text, name: site.name, timeZone: site.timeZone },
      ...{ gates: [...gates], address, notBefore, notAfter, maxUses },
    };
  }

  #sign({ site, id, gates, address, notBefore, notAfter, maxUses }: StoredPass): string {
    return this.#options.signer.sign(site, {
      ...{
        jti: id,
        aud: gates,
        nbf: Date.parse(notBefore) / 1000,
        exp: Date.parse(notAfter) / 1000,
        maxUses,
      },
      ...(address === null ? {} : { addr: address }),
    });
  }

  async #find(db: Queryable, { person, sites, id }: AskedPass, lock = false): Promise<StoredPass> {
    const pass = await findPass(db, reachOf(person, sites), id, lock);
    if (!pass) throw new WatchpostError('api.not_found');
    return pass;
  }

  async #findGood(db: Queryable, asked: AskedPass): Promise<StoredPass> {
    const pass = await this.#find(db, asked);
    const state = stateOf(pass, this.#options.nowMs());
    if (state === 'held') throw new WatchpostError('pass.held');
    if (!isGood(pass, this.#options.nowMs())) throw new WatchpostError('pass.ended');
    return pass;
  }

  /** The zones of the gates, all within what exists for the person. */
  #zonesOf(person: Person, site: SiteId, names: readonly string[]): readonly string[] {
    const known = this.#options.sites.get(site)?.gates ?? [];
    const reach = zonesFor(person, site);
    const gates = names.map((name, index) => {
      const gate = known.find((one) => one.name === name);
      const path = `/gates/${index}`;
      // Outside of what exists for the person a gate is unknown too, as far as they can tell.
      if (reach !== null && (!gate || indexOutside(reach, gate.zones) >= 0))
        throw new WatchpostError('pass.gate_outside', { path });
      if (!gate) throw new WatchpostError('pass.gate_unknown', { path });
      return gate;
    });
    return [...new Set(gates.flatMap(({ zones }) => zones))];
  }

  #check({ notBefore, notAfter, maxUses }: Pick<StoredPass, 'notBefore' | 'notAfter' | 'maxUses'>): void {
    const nowMs = this.#options.nowMs();
    const endMs = Date.parse(notAfter);
    if (endMs <= nowMs || endMs <= Date.parse(notBefore) || endMs > nowMs + passPolicy.longestMs)
      throw new WatchpostError('pass.period', {
        path: '/notAfter',
        details: { longestHours: passPolicy.longestMs / 3_600_000 },
      });
    if (maxUses > passPolicy.usesAtMost)
      throw new WatchpostError('pass.uses_at_most', {
        path: '/maxUses',
        details: { limit: passPolicy.usesAtMost },
      });
  }

  /** The first answer, for whoever asks for the same again. */
  #again(
    before: StoredPass,
    pass: Omit<StoredPass, 'uses' | 'over' | 'revoked' | 'heldAt'>,
    { notBefore }: PassRequest,
  ): StoredPass {
    const saying = ({ gates, purpose, reference, address, notAfter, maxUses, issuer }: typeof pass) =>
      JSON.stringify([gates, purpose, reference, address, notAfter, maxUses, issuer.account]);
    const isSame =
      saying(before) === saying(pass) && (notBefore === undefined || before.notBefore === pass.notBefore);
    if (isSame) return before;
    throw new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id of its own' } });
  }

  async #view(pass: StoredPass): Promise<Pass> {
    const { db, nowMs } = this.#options;
    const { site, iss, id: jti } = pass;
    const uses = await newestUses(db, { site, iss, jti }, passPolicy.usesShown);
    return {
      ...toListedPass(pass, nowMs()),
      revoked: pass.revoked && { ...pass.revoked },
      link: await linkOf(db, pass),
      usesTaken: uses.map(({ at, gate, gateway, offline, over }) => ({
        ...{ at, gate, offline, over },
        gateway: gatewayIdSchema.parse(gateway),
      })),
    };
  }

  async #note(
    db: Queryable,
    person: Person,
    site: SiteId | null,
    action: AuditAction,
    { id, reason, details }: { id?: string; reason?: string; details?: AuditDetails },
  ): Promise<void> {
    await append(db, {
      ...{ at: this.#now(), actor: actorOf(person), site, action, outcome: 'done' as const },
      subject: id === undefined ? null : { kind: 'pass', id },
      reason: reason ?? null,
      details: details ?? {},
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/** What is kept of a link’s secret. */
const hashOfLink = (token: string): string =>
  createHash('sha256').update(`watchpost pass link ${token}`).digest('hex');

/** A pass counts in seconds (RFC 8392): it begins with the one that has begun, and ends at a whole one. */
function wholeSeconds({ notBefore, notAfter }: PassRequest, nowMs: number) {
  const whole = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString();
  return {
    notBefore: whole(notBefore === undefined ? nowMs : Date.parse(notBefore)),
    notAfter: whole(Date.parse(notAfter)),
  };
}
