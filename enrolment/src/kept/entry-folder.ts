import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { EntryId, SiteId } from '@watchpost/contracts/wire';
import { type GalleryKeys, protectTemplate, seal, unprotectTemplate, unseal } from '@watchpost/inference';
import { makeFolders, replaceFileSync } from '@watchpost/service';
import { destroyFile, destroyFolder } from './destroy.ts';
import { entriesFolder, type SiteKeys } from './site-keys.ts';

const keyFile = 'key';
const templateFile = 'template';
const draftName = 'draft';
const photoFile = (index: number) => `photo-${index}`;

/**
 * What is kept of an entry, under numbered folders of which the highest holds: `key` (random, wrapped by the
 * site's storage key), `photo-0` … (sealed with it), `template` (turned by the site's transform key, then
 * sealed with it). Nothing is ever written in clear. Without `key` the rest is noise.
 */
export class EntryFolder {
  readonly #folder: string;
  readonly #context: string;
  readonly #keys: SiteKeys;

  constructor(siteFolder: string, site: SiteId, entry: EntryId, keys: SiteKeys) {
    this.#folder = join(siteFolder, entriesFolder, entry);
    this.#context = `${site}/${entry}`;
    this.#keys = keys;
  }

  /**
   * Keeps photos and template in place of what was kept before, which is destroyed.
   * @throws whatever the disk says; what was kept before stays then
   */
  replace(photos: readonly Uint8Array[], template: Float32Array): void {
    makeFolders(this.#folder);
    const draft = join(this.#folder, draftName);
    destroyFolder(draft, [keyFile]);
    mkdirSync(draft, { mode: 0o700 });
    const key = randomBytes(32);
    replaceFileSync(join(draft, keyFile), seal(key, this.#keys.storage, 'entry key', this.#context));
    for (const [index, photo] of photos.entries())
      replaceFileSync(join(draft, photoFile(index)), seal(photo, key, 'photo', `${this.#context}/${index}`));
    replaceFileSync(join(draft, templateFile), this.#sealed(template, key, this.#keys.gallery));
    const before = this.#numbers();
    renameSync(draft, join(this.#folder, String((before.at(-1) ?? 0) + 1)));
    for (const number of before) destroyFolder(join(this.#folder, String(number)), [keyFile]);
  }

  /** @throws WatchpostError `enrolment.entry_unknown`, `inference.template_invalid` when it was damaged */
  photo(index: number): Uint8Array {
    const file = join(this.#current() ?? '', photoFile(index));
    if (!this.#current() || !existsSync(file)) throw new WatchpostError('enrolment.entry_unknown');
    return unseal(readFileSync(file), this.#key(), 'photo', `${this.#context}/${index}`);
  }

  /** The template, of unit length; null when nothing is kept or it cannot be read. */
  template(): Float32Array | null {
    const folder = this.#current();
    if (!folder) return null;
    try {
      const keys = { deploymentKey: this.#key(), transformKey: this.#keys.gallery.transformKey };
      return unprotectTemplate(
        readFileSync(join(folder, templateFile)),
        keys,
        this.#bound(this.#keys.gallery),
      );
    } catch {
      return null;
    }
  }

  /** Writes the template as it will be under other gallery keys; they count once the site's are replaced. */
  prepareRekey(gallery: GalleryKeys): boolean {
    const folder = this.#current();
    const template = this.template();
    if (!folder || !template) return false;
    replaceFileSync(join(folder, `${templateFile}.next`), this.#sealed(template, this.#key(), gallery));
    return true;
  }

  /** After new gallery keys came into force: takes the prepared template, destroys the old one. */
  finishRekey(): void {
    const folder = this.#current();
    if (!folder) return;
    const next = join(folder, `${templateFile}.next`);
    if (!existsSync(next)) return;
    if (this.template() === null) {
      destroyFile(join(folder, templateFile));
      renameSync(next, join(folder, templateFile));
    } else destroyFile(next);
  }

  /** Destroys everything, the key first. Nothing to destroy is no fault. */
  destroy(): void {
    destroyFolder(this.#folder, [keyFile]);
  }

  /** Bound to the transform too: a template of other gallery keys does not open, and is not taken for one. */
  #bound({ transformKey }: Pick<GalleryKeys, 'transformKey'>): string {
    return `${this.#context}/${createHash('sha256').update('watchpost bound').update(transformKey).digest('hex')}`;
  }

  #sealed(template: Float32Array, key: Uint8Array, { transformKey }: GalleryKeys): Uint8Array {
    return protectTemplate(template, { deploymentKey: key, transformKey }, this.#bound({ transformKey }));
  }

  #key(): Uint8Array {
    const folder = this.#current();
    if (!folder) throw new WatchpostError('enrolment.entry_unknown');
    return unseal(readFileSync(join(folder, keyFile)), this.#keys.storage, 'entry key', this.#context);
  }

  #current(): string | undefined {
    const last = this.#numbers().at(-1);
    return last === undefined ? undefined : join(this.#folder, String(last));
  }

  /** Complete folders, the newest last. */
  #numbers(): readonly number[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .toSorted((a, b) => a - b);
  }
}
