import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EntryId, entryIdSchema, type SiteId } from '@watchpost/contracts/wire';
import { destroyFile } from './destroy.ts';
import { EntryFolder } from './entry-folder.ts';
import { entriesFolder, newGalleryKeys, openSiteKeys, type SiteKeys, writeGalleryKeys } from './site-keys.ts';

/** What is kept of a site: `keys.json`, `storage.key`, `entries/` and the gallery files. */
export class SiteFolder {
  readonly path: string;
  readonly #site: SiteId;
  readonly #keys: SiteKeys;

  /** @throws WatchpostError as `openSiteKeys` */
  constructor(root: string, site: SiteId) {
    this.path = join(root, site);
    this.#site = site;
    this.#keys = openSiteKeys(this.path);
  }

  get keys(): SiteKeys {
    return this.#keys;
  }

  entry(entry: EntryId): EntryFolder {
    return new EntryFolder(this.path, this.#site, entry, this.#keys);
  }

  /** Entries of which something is kept. */
  entries(): readonly EntryId[] {
    const folder = join(this.path, entriesFolder);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => {
      const parsed = entryIdSchema.safeParse(name);
      return parsed.success ? [parsed.data] : [];
    });
  }

  /**
   * New gallery keys: every template is turned by the new one, then the keys are replaced at once, then what
   * the old ones opened is destroyed, gallery files too. Killed in between, the old keys hold with the old
   * templates, or the new ones with the new; `openRekeyed` finishes what was begun.
   * @returns entries whose template could not be read, and is gone
   */
  rekey(): { readonly site: SiteFolder; readonly entries: number; readonly lost: readonly EntryId[] } {
    const gallery = newGalleryKeys();
    const all = this.entries();
    const lost = all.filter((entry) => !this.entry(entry).prepareRekey(gallery));
    writeGalleryKeys(this.path, gallery);
    const root = join(this.path, '..');
    const renewed = new SiteFolder(root, this.#site);
    renewed.finishRekey();
    for (const name of readdirSync(this.path))
      if (name.endsWith('.gallery')) destroyFile(join(this.path, name));
    return { site: renewed, entries: all.length - lost.length, lost };
  }

  /** Takes or destroys what a change of keys prepared before it was interrupted. */
  finishRekey(): void {
    for (const entry of this.entries()) this.entry(entry).finishRekey();
  }
}
