import type { GalleryEntry, GalleryMatch } from './entry.ts';

/** How a gallery is made. */
export interface GalleryOptions {
  /** Length of an embedding, default 512. */
  readonly dimension?: number;
  /** 32 bytes; templates and queries then live in the transformed space, cosines are the same. */
  readonly transformKey?: Uint8Array;
}

/** Templates in one contiguous array, exact search. In memory only; see `encodeGallery` for disk. */
export class Gallery {
  readonly dimension: number;

  constructor(options: GalleryOptions = {}) {
    this.dimension = options.dimension ?? 512;
  }

  /** Number of entries, expired ones included. */
  get size(): number {
    return 0;
  }

  /**
   * Adds an entry, or replaces the one with the same id. The template is copied and normalised.
   * @throws WatchpostError `inference.template_invalid` (wrong length, not finite, zero)
   */
  add(_entry: GalleryEntry, _template: Float32Array): void {
    throw new Error('being written');
  }

  /** @returns whether the entry existed. Its numbers are overwritten. */
  remove(_entryId: string): boolean {
    throw new Error('being written');
  }

  /** All entries, expired ones included, in no particular order. */
  entries(): readonly GalleryEntry[] {
    throw new Error('being written');
  }

  /** The nearest entry that is valid at `now` (ms) and, when it has areas, in `area`; null when there is none. */
  match(_embedding: Float32Array, _now: number, _area?: string): GalleryMatch | null {
    throw new Error('being written');
  }

  /** Pairs of entries whose templates are at least as near as `minCosine`: probably one person twice. */
  duplicates(
    _minCosine: number,
  ): readonly { readonly a: string; readonly b: string; readonly cosine: number }[] {
    throw new Error('being written');
  }
}
