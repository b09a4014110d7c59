import type { PhotoAnswer } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { findEntry, type StoredEntry } from '../store/list-store.ts';
import type { Queryable } from '../store/schema.ts';
import { append } from './audit-log.ts';
import { auditedChange } from './audited-change.ts';
import type { Enroller } from './enroller.ts';
import type { Lists, StepOrder } from './lists.ts';
import { actorOf, type Person, reachOf } from './person.ts';
import { listsPolicy } from './policy.ts';

/** What {@link ListPhotos} needs. */
export interface ListPhotosOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly lists: Lists;
  /** Undefined where this installation has no part that handles photos. */
  readonly enroller: Enroller | undefined;
}

/** Photos of entries. They pass through memory on their way to the enrolment, and are kept nowhere else. */
export class ListPhotos {
  readonly #options: ListPhotosOptions;
  /** Entries whose photos are being changed: one at a time, because the template is made of all of them. */
  readonly #busy = new Set<string>();

  constructor(options: ListPhotosOptions) {
    this.#options = options;
  }

  /**
   * Adds a photo to an entry that is not active, beside those that it has, or in their place.
   * @throws WatchpostError what the enrolment says of the photo, `list.photos_at_most`, `list.state`,
   *   `list.stale`, `list.enrolment_away`
   */
  async add(order: StepOrder, photo: Uint8Array, replaces: boolean): Promise<PhotoAnswer> {
    const { lists } = this.#options;
    const enroller = this.#enroller();
    const entry = await lists.find(order.person, order.sites, order.id);
    const { site, id } = entry;
    if (entry.state !== 'draft' && entry.state !== 'proposed')
      throw new WatchpostError('list.state', { details: { state: entry.state, step: 'photo' } });
    if (entry.version !== order.version || this.#busy.has(id))
      throw new WatchpostError('list.stale', { path: '/version', details: { version: entry.version } });
    const kept = replaces ? 0 : entry.photos;
    if (kept >= listsPolicy.photosAtMost)
      throw new WatchpostError('list.photos_at_most', { details: { limit: listsPolicy.photosAtMost } });
    this.#busy.add(id);
    try {
      const looked = await enroller.examine(site, photo);
      if (!looked.usable) throw new WatchpostError(looked.code, { details: { ...looked.details } });
      const photos: Uint8Array[] = [];
      for (let index = 0; index < kept; index += 1) photos.push(await enroller.photo(site, id, index));
      // Files change before the entry can: what is interrupted between shows as begun and not finished.
      const { changed, made } = await auditedChange(this.#options, {
        entries: [
          {
            ...{ actor: actorOf(order.person), site, action: 'photo_added', reason: null },
            ...{ subject: { kind: 'entry', id }, details: { replaces } },
          },
        ],
        work: async () => {
          const made = await enroller.enrol(site, id, [...photos, photo]);
          const refused = made.refused.find(({ index }) => index === photos.length) ?? made.refused[0];
          if (made.used === 0 || refused?.index === photos.length)
            throw new WatchpostError(refused?.code ?? 'api.invalid');
          return { made, changed: await lists.photosChanged(order, made.used) };
        },
      });
      return { entry: changed, duplicates: await this.#visible(order.person, site, made.duplicates) };
    } finally {
      this.#busy.delete(id);
    }
  }

  /**
   * One photo as JPEG; that it was seen, and why, is in the audit log before.
   * @throws WatchpostError `api.not_found`, `list.enrolment_away`
   */
  async view(person: Person, sites: readonly SiteId[], id: string, index: number, reason: string) {
    return this.viewOf(person, await this.#options.lists.find(person, sites, id), index, reason);
  }

  /** As {@link view}, of an entry that the caller found the person to be allowed to see. */
  async viewOf(person: Person, entry: StoredEntry, index: number, reason: string): Promise<Uint8Array> {
    const { db, nowMs } = this.#options;
    const enroller = this.#enroller();
    if (index >= entry.photos) throw new WatchpostError('api.not_found');
    const photo = await enroller.photo(entry.site, entry.id, index);
    await append(db, {
      ...{ at: new Date(nowMs()).toISOString(), actor: actorOf(person), site: entry.site, reason },
      ...{ action: 'photo_viewed', outcome: 'done', details: { index } },
      subject: { kind: 'entry', id: entry.id },
    });
    return photo;
  }

  #enroller(): Enroller {
    if (!this.#options.enroller) throw new WatchpostError('list.enrolment_away');
    return this.#options.enroller;
  }

  /** Look-alikes that exist for the person; of the others nothing is said, nor how many there are. */
  async #visible(
    person: Person,
    site: SiteId,
    found: readonly { entry: string; likeness: 'same' | 'similar' }[],
  ) {
    const seen: PhotoAnswer['duplicates'] = [];
    for (const { entry: id, likeness } of found) {
      const entry = await findEntry(this.#options.db, reachOf(person, [site]), id);
      if (entry) seen.push({ id: entry.id, label: entry.label, likeness });
    }
    return seen;
  }
}
