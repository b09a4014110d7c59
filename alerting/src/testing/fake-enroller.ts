import { createHash } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ListEntryRecord } from '@watchpost/contracts/lists';
import type { EntryId, SiteId } from '@watchpost/contracts/wire';
import type { Enroller, Enrolment, PhotoExamination } from '../governance/enroller.ts';

const isJpeg = (photo: Uint8Array) => photo[0] === 0xff && photo[1] === 0xd8;

/**
 * Takes whatever begins like a JPEG for a usable photo, and equal photos for the same face. In memory; keeps
 * the contract of {@link Enroller}.
 */
export class FakeEnroller implements Enroller {
  readonly #kept = new Map<string, readonly Uint8Array[]>();
  /** How often each site got new keys. */
  readonly #keys = new Map<string, number>();
  /** While set, every call fails with it. */
  failure: Error | undefined;

  async examine(_site: SiteId, photo: Uint8Array): Promise<PhotoExamination> {
    this.#mayFail();
    return isJpeg(photo)
      ? { usable: true, quality: 0.9 }
      : { usable: false, code: 'api.invalid', details: {} };
  }

  async enrol(site: SiteId, entry: EntryId, photos: readonly Uint8Array[]): Promise<Enrolment> {
    this.#mayFail();
    const used = photos.filter(isJpeg);
    const refused = photos.flatMap((photo, index) =>
      isJpeg(photo) ? [] : [{ index, code: 'api.invalid' as const }],
    );
    if (used.length > 0) this.#kept.set(`${site}/${entry}`, used);
    return { used: used.length, refused, duplicates: used.length > 0 ? this.#sameAs(site, entry, used) : [] };
  }

  async photo(site: SiteId, entry: EntryId, index: number): Promise<Uint8Array> {
    this.#mayFail();
    const photo = this.#kept.get(`${site}/${entry}`)?.[index];
    if (!photo) throw new WatchpostError('api.not_found');
    return photo;
  }

  async remove(site: SiteId, entry: EntryId): Promise<void> {
    this.#mayFail();
    this.#kept.delete(`${site}/${entry}`);
  }

  async compile(site: SiteId, records: readonly ListEntryRecord[]): Promise<{ digest: string }> {
    this.#mayFail();
    const hash = createHash('sha256').update(`${site}/${this.#keys.get(site) ?? 0}`);
    for (const record of records.toSorted((a, b) => (a.entry < b.entry ? -1 : 1))) {
      const photos = this.#kept.get(`${site}/${record.entry}`);
      if (!photos) continue;
      hash.update(JSON.stringify(record));
      for (const photo of photos) hash.update(photo);
    }
    return { digest: hash.digest('hex') };
  }

  async rekey(site: SiteId): Promise<{ entries: number; lost: readonly EntryId[] }> {
    this.#mayFail();
    this.#keys.set(site, (this.#keys.get(site) ?? 0) + 1);
    const entries = [...this.#kept.keys()].filter((key) => key.startsWith(`${site}/`)).length;
    return { entries, lost: [] };
  }

  #sameAs(site: SiteId, entry: EntryId, photos: readonly Uint8Array[]): Enrolment['duplicates'] {
    return [...this.#kept].flatMap(([key, theirs]) => {
      const other = key.slice(site.length + 1) as EntryId;
      const same = theirs.some((one) => photos.some((photo) => Buffer.compare(one, photo) === 0));
      return key.startsWith(`${site}/`) && other !== entry && same
        ? [{ entry: other, likeness: 'same' as const }]
        : [];
    });
  }

  #mayFail(): void {
    if (this.failure) throw this.failure;
  }
}
