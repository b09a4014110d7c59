import type { GalleryKeys } from './entry.ts';

/** One template, transformed and encrypted, for storage. `context` (an entry id) is bound to it: it opens only with the same one. */
export function protectTemplate(_template: Float32Array, _keys: GalleryKeys, _context = ''): Uint8Array {
  throw new Error('being written');
}

/**
 * Undoes `protectTemplate`.
 * @throws WatchpostError `inference.template_invalid` when damaged, or the keys or the context are others
 */
export function unprotectTemplate(_bytes: Uint8Array, _keys: GalleryKeys, _context = ''): Float32Array {
  throw new Error('being written');
}
