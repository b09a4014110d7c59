import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { uuidSchema } from '@watchpost/contracts/wire';
import { makeFolders, readSecretFile, replaceFileSync } from '@watchpost/service';

/** A gallery with the keys that open it, as they came from the door. */
export interface SealedGallery {
  readonly gallery: Buffer;
  readonly keys: Buffer;
}

const files = { holder: 'holder', gallery: 'gallery', keys: 'keys.json' } as const;

/**
 * The gallery of a gateway on its disk, for its owner only: one folder for each, named by the digest that the
 * permit names, with its keys in it, so that the two are put in place together. `holder` names the life of
 * the folder: a new disk is another one.
 */
export class GalleryFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether anything was ever kept here; undefined before. */
  get holder(): string | undefined {
    try {
      return uuidSchema.parse(readFileSync(join(this.#path, files.holder), 'utf8').trim());
    } catch {
      return undefined;
    }
  }

  /** The same; made where there is none. @throws whatever the disk says */
  beginHolder(): string {
    const known = this.holder;
    if (known !== undefined) return known;
    const holder = randomUUID();
    makeFolders(this.#path);
    replaceFileSync(join(this.#path, files.holder), `${holder}\n`);
    return holder;
  }

  /** undefined where there is none, or others could have read it. */
  read(digest: string): SealedGallery | undefined {
    const folder = join(this.#path, digest);
    try {
      return {
        gallery: readSecretFile(join(folder, files.gallery)),
        keys: readSecretFile(join(folder, files.keys)),
      };
    } catch {
      return undefined;
    }
  }

  /** Puts a gallery in place at once, with its keys. @throws whatever the disk says */
  put(digest: string, { gallery, keys }: SealedGallery): void {
    const draft = join(this.#path, `draft-${randomBytes(6).toString('hex')}`);
    try {
      makeFolders(draft);
      replaceFileSync(join(draft, files.gallery), gallery);
      replaceFileSync(join(draft, files.keys), keys);
      rmSync(join(this.#path, digest), { recursive: true, force: true });
      renameSync(draft, join(this.#path, digest));
      const folder = openSync(this.#path, 'r');
      fsyncSync(folder);
      closeSync(folder);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      throw error;
    }
  }

  /** Replaces a gallery by one from which something was erased. @throws whatever the disk says */
  replaceGallery(digest: string, gallery: Uint8Array): void {
    replaceFileSync(join(this.#path, digest, files.gallery), gallery);
  }

  /** Deletes every gallery but this one, and what a crash left behind; null: all. @throws as the disk says */
  keepOnly(digest: string | null): void {
    let names: string[] = [];
    try {
      names = readdirSync(this.#path);
    } catch {
      return;
    }
    for (const name of names)
      if (name !== digest && name !== files.holder)
        rmSync(join(this.#path, name), { recursive: true, force: true });
  }
}
