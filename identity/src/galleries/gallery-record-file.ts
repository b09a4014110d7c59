import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type GalleryRecord, galleryRecordSchema } from '@watchpost/contracts/lists';
import { parseWith } from '@watchpost/contracts/wire';
import { makeFolders, replaceFileSync } from '@watchpost/service';
import { emptyRecord } from './record-steps.ts';

/**
 * The record of a site on disk. What changes is on disk before anything is answered; where that fails nothing
 * has changed. A damaged file is never replaced by an empty one, because it would forget who has faces.
 */
export class GalleryRecordFile {
  readonly #path: string;
  #record: GalleryRecord | null = emptyRecord;
  #isUnwritable = false;

  constructor(path: string) {
    this.#path = path;
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      // No file is a site whose faces nobody has yet; one that cannot be read is another matter.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.#record = null;
      return;
    }
    try {
      this.#record = parseWith(galleryRecordSchema, JSON.parse(text));
    } catch {
      this.#record = null;
    }
  }

  /** Nothing can be read of it. */
  get isDamaged(): boolean {
    return this.#record === null;
  }

  /** Whether it can be relied on. */
  get isUsable(): boolean {
    return this.#record !== null && !this.#isUnwritable;
  }

  /** @throws WatchpostError `identity.gallery_record` */
  get current(): GalleryRecord {
    if (!this.#record) throw new WatchpostError('identity.gallery_record');
    return this.#record;
  }

  /**
   * Applies a step; one that gives back the same record writes nothing.
   * @throws WatchpostError `identity.gallery_record`
   */
  change(step: (record: GalleryRecord) => GalleryRecord): void {
    const before = this.current;
    const after = step(before);
    if (after === before && !this.#isUnwritable) return;
    try {
      makeFolders(dirname(this.#path));
      replaceFileSync(this.#path, `${JSON.stringify(after, null, 1)}\n`);
      this.#isUnwritable = false;
    } catch (cause) {
      this.#isUnwritable = true;
      throw new WatchpostError('identity.gallery_record', { cause });
    }
    this.#record = after;
  }
}
