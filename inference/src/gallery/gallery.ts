import { WatchpostError } from '@watchpost/contracts';
import { unitLength } from '../face/embed.ts';
import type { GalleryEntry, GalleryMatch } from './entry.ts';
import { dotAt } from './search.ts';
import { createTemplateTransform, type TemplateTransform } from './template-transform.ts';

/** How a gallery is made. */
export interface GalleryOptions {
  /** Length of an embedding, default 512; a power of two when there is a `transformKey`. */
  readonly dimension?: number;
  /** 32 bytes; templates and queries then live in the transformed space, cosines are the same. */
  readonly transformKey?: Uint8Array;
}

/** Two entries that are probably one person. */
export interface DuplicatePair {
  readonly a: string;
  readonly b: string;
  readonly cosine: number;
}

/**
 * Templates in one contiguous array, exact search. In memory only; see `encodeGallery` for disk.
 * Invariant: row i of `#rows` belongs to `#entries[i]`; rows are unit length.
 */
export class Gallery {
  readonly dimension: number;
  readonly #transform: TemplateTransform | null;
  readonly #entries: GalleryEntry[] = [];
  readonly #rowOf = new Map<string, number>();
  #rows: Float32Array;

  /** @throws WatchpostError `inference.template_invalid` when the key or the dimension cannot be used */
  constructor({ dimension = 512, transformKey }: GalleryOptions = {}) {
    this.dimension = dimension;
    this.#transform = transformKey ? createTemplateTransform(transformKey, dimension) : null;
    this.#rows = new Float32Array(16 * dimension);
  }

  /** Number of entries, expired ones included. */
  get size(): number {
    return this.#entries.length;
  }

  /** Names the transform key without revealing it; null when templates are not transformed. */
  get transformFingerprint(): string | null {
    return this.#transform?.fingerprint ?? null;
  }

  /**
   * Adds an entry, or replaces the one with the same id. The template (as it comes from `enrolFace`, not transformed) is copied and normalised.
   * @throws WatchpostError `inference.template_invalid` (wrong length, not finite, zero)
   */
  add(entry: GalleryEntry, template: Float32Array): void {
    this.addTransformed(entry, this.#toSpace(template));
  }

  /** As `add`, for a template that is already in this gallery's space; `decodeGallery` uses it. */
  addTransformed(entry: GalleryEntry, template: Float32Array): void {
    const unit = this.#checked(template);
    const row = this.#rowOf.get(entry.entryId) ?? this.#entries.length;
    this.#reserve(row + 1);
    this.#entries[row] = entry;
    this.#rowOf.set(entry.entryId, row);
    this.#rows.set(unit, row * this.dimension);
  }

  /** @returns whether the entry existed. Its numbers are overwritten. */
  remove(entryId: string): boolean {
    const row = this.#rowOf.get(entryId);
    const last = this.#entries.at(-1);
    if (row === undefined || !last) return false;
    const end = this.#entries.length - 1;
    this.#rows.copyWithin(row * this.dimension, end * this.dimension, (end + 1) * this.dimension);
    this.#rows.fill(0, end * this.dimension, (end + 1) * this.dimension);
    this.#entries[row] = last;
    this.#rowOf.set(last.entryId, row);
    this.#entries.pop();
    this.#rowOf.delete(entryId);
    return true;
  }

  /** Removes entries that have expired at `now` (ms). @returns their ids */
  removeExpired(now: number): readonly string[] {
    const expired = this.#entries.filter((entry) => !(entry.expiresAt > now)).map((entry) => entry.entryId);
    for (const id of expired) this.remove(id);
    return expired;
  }

  /** All entries, expired ones included, in no particular order. */
  entries(): readonly GalleryEntry[] {
    return [...this.#entries];
  }

  /** The stored (transformed) template; null when there is no such entry. A copy. */
  transformed(entryId: string): Float32Array | null {
    const row = this.#rowOf.get(entryId);
    return row === undefined ? null : this.#rows.slice(row * this.dimension, (row + 1) * this.dimension);
  }

  /**
   * The nearest entry that is valid at `now` (ms) and, when it has areas, in `area`; null when there is none. Exact.
   * @throws WatchpostError `inference.template_invalid` for an embedding of the wrong length, zero or not finite
   */
  match(embedding: Float32Array, now: number, area?: string): GalleryMatch | null {
    const query = this.#checked(this.#toSpace(embedding));
    let best = -1;
    let cosine = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < this.#entries.length; row++) {
      const found = dotAt(this.#rows, row * this.dimension, query);
      if (found > cosine && isValid(this.#entries[row], now, area)) {
        cosine = found;
        best = row;
      }
    }
    const entry = this.#entries[best];
    return entry ? { entry, cosine: Math.min(1, cosine) } : null;
  }

  /** Pairs of entries whose templates are at least as near as `minCosine`: probably one person twice. Takes size² / 2 comparisons. */
  duplicates(minCosine: number): readonly DuplicatePair[] {
    const pairs: DuplicatePair[] = [];
    for (const [row, { entryId: b }] of this.#entries.entries()) {
      const query = this.#rows.subarray(row * this.dimension, (row + 1) * this.dimension);
      for (let other = 0; other < row; other++) {
        const cosine = dotAt(this.#rows, other * this.dimension, query);
        if (cosine >= minCosine) pairs.push({ a: this.#entries[other]?.entryId ?? '', b, cosine });
      }
    }
    return pairs;
  }

  #toSpace(vector: Float32Array): Float32Array {
    this.#checked(vector);
    return this.#transform ? this.#transform.apply(vector) : vector;
  }

  #checked(vector: Float32Array): Float32Array {
    const unit = vector.length === this.dimension ? unitLength(vector) : null;
    if (unit) return unit;
    throw new WatchpostError('inference.template_invalid', {
      details: { length: vector.length, expected: this.dimension },
    });
  }

  #reserve(rows: number): void {
    if (rows * this.dimension <= this.#rows.length) return;
    const grown = new Float32Array(Math.ceil(rows * 1.5) * this.dimension);
    grown.set(this.#rows);
    this.#rows.fill(0);
    this.#rows = grown;
  }
}

function isValid(entry: GalleryEntry | undefined, now: number, area: string | undefined): boolean {
  if (!entry || !(entry.expiresAt > now)) return false;
  return entry.areas === undefined || (area !== undefined && entry.areas.includes(area));
}
