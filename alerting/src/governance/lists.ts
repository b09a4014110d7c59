import type {
  AuditAction,
  AuditDetails,
  ListEntry,
  ListEntryRequest,
  ListPage,
  ListQuery,
  ListStep,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type GalleryRecord, parseListEntryRecord } from '@watchpost/contracts/lists';
import { entryIdSchema, type SiteId } from '@watchpost/contracts/wire';
import { tiedTo } from '../store/account-ties.ts';
import { insertRows } from '../store/json-rows.ts';
import {
  type EntryValues,
  findEntry,
  insertEntry,
  pageOfEntries,
  type StoredEntry,
  updateEntry,
} from '../store/list-store.ts';
import type { Queryable } from '../store/schema.ts';
import { isSigned, listTransitions, refusalOfApproval } from './approval-rules.ts';
import { append } from './audit-log.ts';
import { judged, toListed, toRecord, toView } from './list-view.ts';
import { actorOf, indexOutside, maySomebody, type Person, reachOf, zonesFor } from './person.ts';
import type { SiteListsPolicy } from './policy.ts';

/** What {@link Lists} needs. */
export interface ListsOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** The zones of a site; undefined where it does not run here. */
  readonly zonesOf: (site: string) => ReadonlySet<string> | undefined;
  /** What a site decides of its lists. */
  readonly policyOf: (site: SiteId) => SiteListsPolicy;
  /** What the gateway door says of galleries and erasures of a site. */
  readonly galleryRecord: (site: SiteId) => Promise<GalleryRecord | undefined>;
  /** Is told after a commit that changed what gateways may match. */
  readonly changed: (site: SiteId) => void;
}

/** A step of a person on an entry that they saw in a version. */
export interface StepOrder {
  readonly person: Person;
  /** Sites on which they may take it. */
  readonly sites: readonly SiteId[];
  readonly id: string;
  readonly version: number;
  readonly reason?: string | undefined;
}

type Signed = EntryValues & Pick<StoredEntry, 'approvals'>;

/**
 * The watch and access lists: who is on them, why, and who agreed. Whatever a person may not see answers as
 * if it did not exist; every change is one transaction with its entry in the audit log.
 */
export class Lists {
  readonly #options: ListsOptions;

  constructor(options: ListsOptions) {
    this.#options = options;
  }

  /** One page, of what exists for the person. Reading and searching is audited. */
  async page(person: Person, sites: readonly SiteId[], query: ListQuery): Promise<ListPage> {
    const { db, nowMs, policyOf } = this.#options;
    const { list, state, search, limit, cursor, due } = query;
    const found = await pageOfEntries(db, reachOf(person, sites), {
      ...{ list, state, search, limit: limit + 1 },
      due:
        due === 'true'
          ? sites.map((site) => ({ site, before: iso(nowMs() + policyOf(site).dueWithin) }))
          : undefined,
      after: cursor === undefined ? undefined : fromCursor(cursor),
    });
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    const action = search === undefined ? 'list_read' : 'list_searched';
    // What was searched for is a name, and so stands nowhere.
    const details = {
      sites: [...sites],
      entries: entries.length,
      ...(search ? { letters: search.length } : {}),
    };
    await this.#note(db, person, sites.length === 1 ? (sites[0] ?? null) : null, action, { details });
    return {
      entries: entries.map((entry) => toListed(entry, policyOf(entry.site).signatures)),
      next: found.length > limit && last ? `${last.updatedAt}_${last.id}` : null,
    };
  }

  /** One entry; seeing it is audited. @throws WatchpostError `api.not_found` */
  async get(person: Person, sites: readonly SiteId[], id: string): Promise<ListEntry> {
    const entry = await this.find(person, sites, id);
    await this.#note(this.#options.db, person, entry.site, 'list_entry_viewed', { id: entry.id });
    return this.#view(person, entry);
  }

  /** As {@link get}, for what is about an entry and audited otherwise. */
  async find(person: Person, sites: readonly SiteId[], id: string): Promise<StoredEntry> {
    const entry = await findEntry(this.#options.db, reachOf(person, sites), id);
    if (!entry) throw new WatchpostError('api.not_found');
    return entry;
  }

  /** Makes a draft. @throws WatchpostError `list.zone_unknown`, `list.zone_outside` */
  async create(person: Person, site: SiteId, request: ListEntryRequest): Promise<ListEntry> {
    const { db, nowMs, newId } = this.#options;
    this.#checkArea(person, site, request.area);
    const entry: EntryValues = {
      ...{ ...request, site, id: entryIdSchema.parse(newId()), version: 1, state: 'draft', photos: 0 },
      author: { account: person.account, name: person.name },
      updatedAt: iso(nowMs()),
      ...{ activatedAt: null, endedAt: null, erasedAt: null },
    };
    await db.transaction().execute(async (tx) => {
      await insertEntry(tx, entry);
      await this.#record(tx, person, undefined, entry, 'create');
      const details = { what: 'draft', list: entry.list, area: [...entry.area], expires: entry.expires };
      await this.#note(tx, person, site, 'list_entry_edited', { id: entry.id, details });
    });
    return this.#view(person, await this.find(person, [site], entry.id));
  }

  /** Changes what an entry says. Signatures are void, and it is a draft again. */
  edit(order: StepOrder, { ...fields }: ListEntryRequest): Promise<ListEntry> {
    const { person } = order;
    return this.#take('edit', order, 'list_entry_edited', (entry) => {
      this.#checkArea(person, entry.site, fields.area);
      const changed = Object.entries(fields).flatMap(([name, value]) =>
        JSON.stringify(entry[name as keyof ListEntryRequest]) === JSON.stringify(value) ? [] : [name],
      );
      return {
        entry: { ...entry, ...fields, ...author(person), state: 'draft', approvals: [] },
        details: { fields: changed, voided: entry.approvals.length },
      };
    });
  }

  /** Photos of an entry changed: to its signatures that is a change like any other. */
  photosChanged(order: StepOrder, photos: number): Promise<ListEntry> {
    const { person } = order;
    return this.#take('edit', order, 'photo_added', (entry) => ({
      entry: { ...entry, photos, ...author(person), state: 'draft', approvals: [] },
      details: { photos, voided: entry.approvals.length },
    }));
  }

  /**
   * Puts a draft up for approval. The proposal is the signature of its author, who may approve.
   * @throws WatchpostError `watchlist.incomplete` with the field, `list.photo_missing`
   */
  propose(order: StepOrder): Promise<ListEntry> {
    const { person } = order;
    return this.#take('propose', order, 'list_entry_proposed', (entry, at) => {
      const signs = maySomebody(person, entry.site, 'lists.approve');
      const own = { account: person.account, name: person.name, at };
      const approvals = signs ? [own] : [];
      this.#checkArea(person, entry.site, entry.area);
      // As it will be judged when it is approved: whoever may have to sign it sees a whole one.
      const others = ['first', 'second'].map((by) => ({ by, at }));
      parseListEntryRecord({ ...toRecord(entry), approvals: others }, Date.parse(at));
      this.#checkEnd(entry, at);
      if (entry.photos === 0) throw new WatchpostError('list.photo_missing', { path: '/photos' });
      return {
        entry: { ...entry, ...author(person), state: 'proposed', approvals },
        details: { list: entry.list, area: [...entry.area], expires: entry.expires, signed: signs },
      };
    });
  }

  /**
   * Signs an entry; with the last signature that it needs it is active.
   * @throws WatchpostError `list.own_entry`, `list.approved_already`, `list.related_account`,
   *   `watchlist.incomplete`
   */
  async approve(order: StepOrder): Promise<ListEntry> {
    const { person } = order;
    const tied = await tiedTo(this.#options.db, person.account);
    return this.#take('approve', order, 'list_entry_approved', (entry, at) => {
      const refused = refusalOfApproval(judged(entry), person.account, (account) => tied.has(account));
      if (refused) throw new WatchpostError(refused);
      const approvals = [...entry.approvals, { account: person.account, name: person.name, at }];
      const signed = { ...entry, approvals };
      if (!isSigned(judged(signed), this.#options.policyOf(entry.site).signatures))
        return { entry: signed, details: { signatures: approvals.length, active: false } };
      parseListEntryRecord(toRecord(signed), Date.parse(at));
      this.#checkEnd(signed, at);
      return {
        entry: { ...signed, state: 'active', activatedAt: at },
        details: { signatures: approvals.length, active: true },
      };
    });
  }

  /** Sends a proposal back to its author. */
  refuse(order: StepOrder): Promise<ListEntry> {
    return this.#take('refuse', order, 'list_entry_refused', (entry) => ({
      entry: { ...entry, state: 'draft', approvals: [] },
    }));
  }

  /** Ends an entry: gateways are told at once, whatever their gallery holds. */
  withdraw(order: StepOrder): Promise<ListEntry> {
    return this.#take('withdraw', order, 'list_entry_withdrawn', (entry, endedAt) => ({
      entry: { ...entry, state: 'withdrawn', endedAt },
    }));
  }

  /** Somebody looked whether the entry is still needed; the next time is `review`. */
  review(order: StepOrder, review: string): Promise<ListEntry> {
    return this.#take('review', order, 'list_entry_reviewed', (entry) => ({
      entry: { ...entry, review },
      details: { review },
    }));
  }

  /** Erases an entry that has ended, before its time. */
  erase(order: StepOrder): Promise<ListEntry> {
    return this.#take('erase', order, 'list_entry_erased', (entry, at) => ({ entry: erased(entry, at) }));
  }

  async #take(
    step: ListStep,
    { person, sites, id, version, reason }: StepOrder,
    action: AuditAction,
    decide: (entry: StoredEntry, at: string) => { readonly entry: Signed; readonly details?: AuditDetails },
  ): Promise<ListEntry> {
    const { db, nowMs, changed } = this.#options;
    const reach = reachOf(person, sites);
    const { before, after } = await db.transaction().execute(async (tx) => {
      const before = await findEntry(tx, reach, id, true);
      if (!before) throw new WatchpostError('api.not_found');
      if (before.version !== version)
        throw new WatchpostError('list.stale', { path: '/version', details: { version: before.version } });
      if (!listTransitions[step].from.includes(before.state))
        throw new WatchpostError('list.state', { details: { state: before.state, step } });
      const at = iso(nowMs());
      const { entry, details = {} } = decide(before, at);
      const after = { ...entry, version: before.version + 1, updatedAt: at };
      await updateEntry(tx, after);
      await this.#record(tx, person, before, after, step);
      const states = { from: before.state, to: after.state, version: after.version };
      await this.#note(tx, person, before.site, action, { id, reason, details: { ...states, ...details } });
      return { before, after };
    });
    if (before.state === 'active' || after.state === 'active' || after.state === 'erased')
      changed(before.site);
    return this.#view(person, { ...before, ...after });
  }

  #checkArea(person: Person, site: SiteId, area: readonly string[]): void {
    const known = this.#options.zonesOf(site);
    const unknown = area.findIndex((zone) => !known?.has(zone));
    // Outside of what exists for the person a zone is unknown too, as far as they can tell.
    const outside = indexOutside(zonesFor(person, site), area);
    if (outside >= 0) throw new WatchpostError('list.zone_outside', { path: `/area/${outside}` });
    if (unknown >= 0) throw new WatchpostError('list.zone_unknown', { path: `/area/${unknown}` });
  }

  /** @throws WatchpostError `watchlist.incomplete` for an end that is further ahead than the site allows */
  #checkEnd({ site, list, expires }: EntryValues, at: string): void {
    const most = Date.parse(at) + this.#options.policyOf(site).longest[list];
    if (Date.parse(expires) > most)
      throw new WatchpostError('watchlist.incomplete', { path: '/expires', details: { most: iso(most) } });
  }

  async #view(person: Person, entry: StoredEntry): Promise<ListEntry> {
    const { galleryRecord, policyOf } = this.#options;
    const { signatures } = policyOf(entry.site);
    return toView(entry, person, await galleryRecord(entry.site), signatures);
  }

  async #record(
    tx: Queryable,
    person: Person,
    before: StoredEntry | undefined,
    after: EntryValues,
    what: string,
  ) {
    const { site, id: entry, version, updatedAt: at, state } = after;
    const row = { ...{ site, entry, version, at, what }, from_state: before?.state ?? null, to_state: state };
    await insertRows(tx, 'list_change', [{ ...row, actor: actorOf(person) }]);
  }

  async #note(
    db: Queryable,
    person: Person,
    site: SiteId | null,
    action: AuditAction,
    { id, reason, details }: { id?: string; reason?: string | undefined; details?: AuditDetails },
  ): Promise<void> {
    await append(db, {
      ...{ at: iso(this.#options.nowMs()), actor: actorOf(person), site, action, outcome: 'done' as const },
      subject: id === undefined ? null : { kind: 'entry', id },
      reason: reason ?? null,
      details: details ?? {},
    });
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

const author = ({ account, name }: Person) => ({ author: { account, name } });

/** Nothing is left that says who it was about. */
export const erased = <T extends Signed>(entry: T, at: string): T => ({
  ...entry,
  ...{ state: 'erased', label: '', reason: '', instruction: '', photos: 0, erasedAt: at },
});

/** @throws WatchpostError `api.invalid` */
function fromCursor(cursor: string): { updatedAt: string; id: string } {
  const [updatedAt = '', id = ''] = cursor.split('_', 2);
  if (Number.isNaN(Date.parse(updatedAt)) || !entryIdSchema.safeParse(id).success)
    throw new WatchpostError('api.invalid', {
      path: '/cursor',
      details: { expected: 'one that was answered' },
    });
  return { updatedAt, id };
}
