import type { ErrorCode } from '@watchpost/contracts/errors';
import type { ListEntryRecord } from '@watchpost/contracts/lists';
import type { EntryId, SiteId } from '@watchpost/contracts/wire';

/** Whether a photo can be enrolled, and if not, why: a code of the registry, with what it measured. */
export type PhotoExamination =
  | { readonly usable: true; readonly quality: number }
  | {
      readonly usable: false;
      readonly code: ErrorCode;
      readonly details: Readonly<Record<string, string | number>>;
    };

/** What became of the photos of an entry. */
export interface Enrolment {
  /** How many photos the template was made of; 0: there is none. */
  readonly used: number;
  /** Photos that were left out, by their index in the call. */
  readonly refused: readonly { readonly index: number; readonly code: ErrorCode }[];
  /**
   * Other entries of the site with a face that is the same (at the threshold of one false match in 100,000)
   * or similar (one in 1,000).
   */
  readonly duplicates: readonly { readonly entry: EntryId; readonly likeness: 'same' | 'similar' }[];
}

/**
 * From photos to protected templates: a process of its own, the only one that ever holds a photo in clear.
 * Nothing that it keeps is readable without its keys. Every call may throw a `WatchpostError` when the
 * process cannot be reached or gives up; it can be repeated then.
 */
export interface Enroller {
  /**
   * Looks at a photo as it came (JPEG, PNG, WebP, HEIC; ≤ 20 MB) and keeps nothing of it.
   * @returns `quality` 0–1
   */
  examine(site: SiteId, photo: Uint8Array): Promise<PhotoExamination>;
  /**
   * Makes the template of an entry from these photos and keeps both, sealed, in place of what was kept of the
   * entry before. Where no photo is usable nothing changes and `used` is 0.
   */
  enrol(site: SiteId, entry: EntryId, photos: readonly Uint8Array[]): Promise<Enrolment>;
  /**
   * A photo that was used, as JPEG.
   * @param index 0 up to `used` of the enrolment, exclusive
   * @throws WatchpostError `api.not_found`
   */
  photo(site: SiteId, entry: EntryId, index: number): Promise<Uint8Array>;
  /** Destroys photos, template and key of an entry. Harmless where there is none. */
  remove(site: SiteId, entry: EntryId): Promise<void>;
  /**
   * Makes the gallery of a site from the templates of these entries, all of which are active; the same
   * records and templates give the same digest. An entry without a template is left out.
   * @returns `digest` of the file, SHA-256 hexadecimal
   */
  compile(site: SiteId, records: readonly ListEntryRecord[]): Promise<{ readonly digest: string }>;
  /**
   * New gallery keys for a site: what a gateway that was lost still holds opens nothing that is made from now
   * on. Galleries are gone until the next `compile`.
   * @returns entries that have their template under the new keys, and those whose template could not be read
   *   and is gone
   */
  rekey(site: SiteId): Promise<{ readonly entries: number; readonly lost: readonly EntryId[] }>;
}
