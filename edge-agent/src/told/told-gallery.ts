import { createHash } from 'node:crypto';
import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { ErasureReceipt } from '@watchpost/contracts/lists';
import type { Permit } from '@watchpost/contracts/wire';
import { encodeGallery, Gallery } from '@watchpost/inference';
import { backoffMs } from '@watchpost/service';
import type { Logger } from 'pino';
import { toldPolicy } from '../policy.ts';
import { type OpenGallery, openSealed, parseGalleryKeys } from '../recognition/open-gallery.ts';
import type { GalleryFolder, SealedGallery } from './gallery-folder.ts';
import { invalid } from './verify-announcement.ts';

/** What a permit says of the gallery. */
type Permitted = Permit['gallery'];

export interface ToldGalleryOptions {
  readonly folder: GalleryFolder;
  /** @throws WatchpostError `edge.gallery_unreachable` */
  readonly fetchGallery: (digest: string, holder: string, size: number) => Promise<Buffer>;
  /** @throws WatchpostError `edge.gallery_unreachable` */
  readonly fetchKeys: (holder: string) => Promise<Buffer>;
  /** @throws WatchpostError `edge.gallery_unreachable` */
  readonly sendReceipt: (receipt: ErasureReceipt) => Promise<void>;
  /** There is a gallery from now on, or none any more. */
  readonly onPresence: () => void;
  /** {@link ToldGallery.error} says something else. */
  readonly onChange: () => void;
  readonly log: Logger;
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
}

/**
 * The gallery that the permit names: fetched at the door with its keys, checked, put in the place of the one
 * before between two matches, kept for the next start; deleted when the gateway is to have none. What is
 * withdrawn or to be erased matches nothing from the moment at which the permit says so. What fails is tried
 * again for ever, with growing pauses; meanwhile the gallery before stays, for as long as its permit lasts.
 */
export class ToldGallery implements OpenGallery {
  /** The same one for ever. */
  readonly gallery = new Gallery();
  readonly #options: ToldGalleryOptions;
  /** Digest of what {@link gallery} holds, as the permit names it; empty: nothing. */
  #digest = '';
  #keys: Buffer | null = null;
  #permit: Permitted | null = null;
  /** Whether the site part has a camera that looks for faces; it comes after a permit that was kept. */
  #isWanted = true;
  /** Erased entries of which the server was told since this permit came. */
  #told = new Set<string>();
  #error: ErrorCode | undefined;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #pursuit: Promise<void> | null = null;
  #isDue = false;
  #isStopped = false;

  constructor(options: ToldGalleryOptions) {
    this.#options = options;
  }

  get digest(): string {
    return this.#digest;
  }

  get isThere(): boolean {
    return this.#digest !== '';
  }

  /** Why what the permit says is not carried out yet. */
  get error(): ErrorCode | undefined {
    return this.#error;
  }

  /** Another permit is in force, or the same one again. */
  permitted(permit: Permitted): void {
    if (JSON.stringify(permit) !== JSON.stringify(this.#permit)) this.#told.clear();
    this.#permit = permit;
    for (const entry of [...permit.withdrawn, ...(permit.erase ?? [])]) this.gallery.remove(entry);
    this.#pursue();
  }

  /** The site part has, or has no longer, a camera that looks for faces. */
  wanted(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    this.#pursue();
  }

  /** Whoever answers next may know nothing of what was told before. */
  linkEnded(): void {
    this.#told.clear();
  }

  /** Settles when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    await this.#pursuit;
  }

  #pursue(): void {
    clearTimeout(this.#retry);
    this.#isDue = true;
    if (this.#pursuit || this.#isStopped) return;
    this.#pursuit = this.#pursueAll().finally(() => {
      this.#pursuit = null;
    });
  }

  async #pursueAll(): Promise<void> {
    while (this.#isDue && !this.#isStopped) {
      this.#isDue = false;
      try {
        if (this.#permit) await this.#follow(this.#permit);
        this.#failures = 0;
        this.#say(undefined);
      } catch (error) {
        const retryInMs = this.#failed(error);
        if (this.#isDue) continue;
        if (!this.#isStopped) this.#retry = setTimeout(() => this.#pursue(), retryInMs);
        return;
      }
    }
  }

  /** Up to the first fetch without a pause: a gallery that was kept is in force when its permit is. */
  async #follow(permit: Permitted): Promise<void> {
    const { folder } = this.#options;
    const wanted = this.#isWanted ? permit.digest : null;
    if (wanted === null) this.#drop();
    else if (wanted !== this.#digest) {
      const kept = folder.read(wanted);
      const isOpen = kept !== undefined && this.#tryKept(wanted, kept);
      if (!isOpen && permit.file) await this.#fetch(wanted, permit.file);
    }
    folder.keepOnly(this.isThere ? this.#digest : null);
    this.#eraseFromFile();
    await this.#sendReceipts();
  }

  #drop(): void {
    const { onPresence, log } = this.#options;
    this.#keys = null;
    if (!this.isThere) return;
    this.gallery.takeOver(new Gallery());
    this.#digest = '';
    log.info('gallery deleted');
    onPresence();
  }

  /** @returns false for one that cannot be used, which is fetched anew then */
  #tryKept(digest: string, kept: SealedGallery): boolean {
    try {
      this.#putIntoForce(digest, kept);
      return true;
    } catch (error) {
      this.#options.log.error({ err: error }, 'kept gallery cannot be used');
      return false;
    }
  }

  async #fetch(digest: string, file: NonNullable<Permitted['file']>): Promise<void> {
    const { folder, fetchGallery, fetchKeys } = this.#options;
    const holder = folder.beginHolder();
    const gallery = await fetchGallery(digest, holder, file.size);
    if (gallery.byteLength !== file.size || sha256(gallery) !== digest) throw invalid('gallery');
    const known = this.#keys;
    const keys = known && sha256(known) === file.keys ? known : await fetchKeys(holder);
    if (sha256(keys) !== file.keys) throw invalid('keys');
    // Opened before it is kept: what nothing can be matched with leaves the one before in its place.
    openSealed(gallery, parseGalleryKeys(keys));
    folder.put(digest, { gallery, keys });
    this.#putIntoForce(digest, { gallery, keys });
  }

  #putIntoForce(digest: string, { gallery: sealed, keys }: SealedGallery): void {
    const { onPresence, log } = this.#options;
    const gallery = openSealed(sealed, parseGalleryKeys(keys));
    for (const entry of [...(this.#permit?.withdrawn ?? []), ...this.#toErase]) gallery.remove(entry);
    const wasThere = this.isThere;
    this.gallery.takeOver(gallery);
    this.#digest = digest;
    this.#keys = keys;
    log.info({ entries: this.gallery.size }, 'gallery in force');
    if (!wasThere) onPresence();
  }

  get #toErase(): readonly string[] {
    return this.#permit?.erase ?? [];
  }

  /** Takes what is to be erased out of the file; in memory it is gone already. */
  #eraseFromFile(): void {
    const { folder, log } = this.#options;
    const toErase = this.#toErase.filter((entry) => !this.#told.has(entry));
    const kept = this.isThere && toErase.length > 0 ? folder.read(this.#digest) : undefined;
    if (!kept) return;
    const keys = parseGalleryKeys(kept.keys);
    const gallery = openSealed(kept.gallery, keys);
    const removed = toErase.filter((entry) => gallery.remove(entry)).length;
    if (removed === 0) return;
    folder.replaceGallery(this.#digest, encodeGallery(gallery, keys));
    log.info({ removed }, 'entries erased');
  }

  /** A folder in which there never was a gallery has nothing to say. */
  async #sendReceipts(): Promise<void> {
    const { folder, sendReceipt } = this.#options;
    const { holder } = folder;
    if (holder === undefined) return;
    const open = this.#toErase.filter((entry) => !this.#told.has(entry));
    const keys = this.#keys && sha256(this.#keys);
    for (let from = 0; from < open.length; from += toldPolicy.receiptEntries) {
      const entries = open.slice(from, from + toldPolicy.receiptEntries) as ErasureReceipt['entries'];
      await sendReceipt({ holder, keys, entries });
      for (const entry of entries) this.#told.add(entry);
    }
  }

  /** @returns the pause before the next try, milliseconds */
  #failed(error: unknown): number {
    const { log, retry = toldPolicy.retry } = this.#options;
    const code = error instanceof WatchpostError ? error.code : 'edge.disk_unwritable';
    const retryInMs = backoffMs(this.#failures++, retry.firstMs, retry.maxMs, Math.random());
    log.warn({ err: error, code, retryInMs }, 'permit is not carried out');
    // A list that was just changed is no error yet.
    if (this.#failures > 1) this.#say(code);
    return retryInMs;
  }

  #say(error: ErrorCode | undefined): void {
    if (error === this.#error) return;
    this.#error = error;
    this.#options.onChange();
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
