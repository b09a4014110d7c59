import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';

/**
 * Room on the disk that is kept for the moment when there is none: deleting from a database needs some first.
 * A file of random bytes, so that no file system keeps it smaller than it is.
 */
export class ReserveSpace {
  readonly #path: string;
  readonly #bytes: number;

  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
  }

  /** Takes the room. @returns whether it is held now; a disk without room keeps what it has. */
  make(): boolean {
    try {
      if (existsSync(this.#path) && statSync(this.#path).size === this.#bytes) return true;
      writeFileSync(this.#path, randomBytes(this.#bytes), { mode: 0o600 });
      return true;
    } catch {
      this.giveUp();
      return false;
    }
  }

  /** Gives the room up. @returns whether there was any. */
  giveUp(): boolean {
    try {
      const held = existsSync(this.#path);
      rmSync(this.#path, { force: true });
      return held;
    } catch {
      return false;
    }
  }
}
