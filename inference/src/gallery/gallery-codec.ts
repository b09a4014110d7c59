import type { GalleryKeys } from './entry.ts';
import type { Gallery } from './gallery.ts';

/** Bytes for a file: entries and transformed templates, AES-256-GCM, versioned. The gallery must have been made with `keys.transformKey`. */
export function encodeGallery(_gallery: Gallery, _keys: GalleryKeys): Uint8Array {
  throw new Error('being written');
}

/** @throws WatchpostError `inference.template_invalid` when the bytes are damaged or a key is another one. */
export function decodeGallery(_bytes: Uint8Array, _keys: GalleryKeys): Gallery {
  throw new Error('being written');
}
