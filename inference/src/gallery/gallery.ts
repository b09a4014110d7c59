import { setImmediate } from 'node:timers/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { unitLength } from '../face/embed.ts';
import type { GalleryEntry, GalleryMatch } from './entry.ts';
import { RowStore } from './row-store.ts';
import { dotAt } from './search.ts';
import { createTemplateTransform, type TemplateTransform } from './template-transform.ts';

/** How a gallery is made. */
export interface GalleryOptions {
  /** Length of an embedding, default 512; a power of two when there is a `transformKey`. */
  readonly dimension?: number;
  /** 32 bytes; templates and queries then live in the transformed space, cosines are the same. */
  readonly transformKey?: Uint8Array;
}

/** Twice the largest error of a dot product of two unit vectors in single precision with 16 partial sums. */
const rounding = 1e-5;

/** Comparisons before others get their turn: some ten milliseconds. */
const sliceComparisons = 100_000;

/** Two entries that are probably one person. */
export interface DuplicatePair {
  readonly a: string;
  readonly b: string;
  readonly cosine: number;
}

/**
 * Templates in one contiguous array, exact search (WebAssembly SIMD; about 20 ms for 100,000 templates of 512
 * numbers). In memory only; see `encodeGallery` for disk. Invariant: row i of `#rows` belongs to
 * `#entries[i]`; rows are unit length.
 */
export class Gallery {
  #dimension: number;
  #transform: TemplateTransform | null;
  #entries: GalleryEntry[] = [];
  #rowOf = new Map<string, number>();
  #rows: RowStore;

  /** @throws WatchpostError `inference.template_invalid` when the key or the dimension cannot be used */
  constructor({ dimension = 512, transformKey }: GalleryOptions = {}) {
    this.#dimension = dimension;
    this.#transform = transformKey ? createTemplateTransform(transformKey, dimension) : null;
    this.#rows = new RowStore(dimension);
  }

  /** Length of an embedding. */
  get dimension(): number {
    return this.#dimension;
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
   * Adds an entry, or replaces the one with the same id. The template (as it comes from `enrolFace`, not
   * transformed) is copied and normalised.
   * @throws WatchpostError `inference.template_invalid` (wrong length, not finite, zero)
   */
  add(entry: GalleryEntry, template: Float32Array): void {
    this.addTransformed(entry, this.#toSpace(template));
  }

  /** As `add`, for a template that is already in this gallery's space; `decodeGallery` uses it. */
  addTransformed(entry: GalleryEntry, template: Float32Array): void {
    const unit = this.#checked(template);
    const row = this.#rowOf.get(entry.entryId) ?? this.#entries.length;
    this.#rows.set(row, unit);
    this.#entries[row] = entry;
    this.#rowOf.set(entry.entryId, row);
  }

  /** @returns whether the entry existed. Its numbers are overwritten. */
  remove(entryId: string): boolean {
    const row = this.#rowOf.get(entryId);
    const last = this.#entries.at(-1);
    if (row === undefined || !last) return false;
    const end = this.#entries.length - 1;
    this.#rows.set(row, this.#rows.get(end));
    this.#rows.clear(end);
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

  /**
   * Takes over what another gallery has, between two matches: whoever holds this one goes on with it. The
   * other one is empty afterwards, and the numbers of before are overwritten.
   */
  takeOver(other: Gallery): void {
    for (let row = 0; row < this.#entries.length; row++) this.#rows.clear(row);
    const empty = new Gallery({ dimension: other.#dimension });
    this.#dimension = other.#dimension;
    this.#transform = other.#transform;
    [this.#entries, other.#entries] = [other.#entries, empty.#entries];
    [this.#rowOf, other.#rowOf] = [other.#rowOf, empty.#rowOf];
    [this.#rows, other.#rows] = [other.#rows, empty.#rows];
  }

  /** All entries, expired ones included, in no particular order. */
  entries(): readonly GalleryEntry[] {
    return [...this.#entries];
  }

  /** The stored (transformed) template; null when there is no such entry. A copy. */
  transformed(entryId: string): Float32Array | null {
    const row = this.#rowOf.get(entryId);
    return row === undefined ? null : this.#rows.get(row);
  }

  /**
   * The nearest entry that is valid at `now` (ms) and, when it has areas, in `area`; null when there is none.
   * Exact.
   * @throws WatchpostError `inference.template_invalid` for an embedding of the wrong length, zero or not
   *   finite
   */
  match(embedding: Float32Array, now: number, area?: string): GalleryMatch | null {
    const query = this.#checked(this.#toSpace(embedding));
    // Near ties are decided in double precision.
    let near: { row: number; dot: number }[] = [];
    let floor = Number.NEGATIVE_INFINITY;
    this.#rows.dots(query, this.#entries.length, (row, dot) => {
      if (dot < floor || !isValid(this.#entries[row], now, area)) return;
      if (dot - rounding > floor) {
        floor = dot - rounding;
        near = near.filter((other) => other.dot >= floor);
      }
      near.push({ row, dot });
    });
    let best: GalleryMatch | null = null;
    for (const { row } of near) {
      const entry = this.#entries[row];
      const cosine = Math.min(1, dotAt(this.#rows.get(row), 0, query));
      if (entry && (!best || cosine > best.cosine)) best = { entry, cosine };
    }
    return best;
  }

  /**
   * Pairs of entries whose templates are at least as near as `minCosine`: probably one person twice. Takes
   * size² / 2 comparisons (seconds for 10,000 entries, a quarter of an hour for 100,000), in slices, so that
   * matching goes on meanwhile; what is added or removed meanwhile may be missed.
   */
  async duplicates(minCosine: number): Promise<readonly DuplicatePair[]> {
    const pairs: DuplicatePair[] = [];
    for (let row = 0, compared = 0; row < this.#entries.length; row++) {
      const b = this.#entries[row]?.entryId ?? '';
      this.#rows.dots(this.#rows.get(row), row, (other, cosine) => {
        if (cosine >= minCosine) pairs.push({ a: this.#entries[other]?.entryId ?? '', b, cosine });
      });
      compared += row;
      if (compared < sliceComparisons) continue;
      compared = 0;
      await setImmediate();
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
}

function isValid(entry: GalleryEntry | undefined, now: number, area: string | undefined): boolean {
  if (!entry || !(entry.expiresAt > now)) return false;
  return entry.areas === undefined || (area !== undefined && entry.areas.includes(area));
}
