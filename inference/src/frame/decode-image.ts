import type { Frame } from './frame.ts';

/** What `decodeImage` accepts. Checked from the header, before any pixel is decoded. */
export interface ImageLimits {
  /** Default 25 million. */
  readonly maxPixels?: number;
  /** Longest side in pixels, default 16,384. */
  readonly maxSide?: number;
  /** Size of the file in bytes, default 32 MiB. */
  readonly maxBytes?: number;
  /** Capture time given to the frame, ms since the epoch; default the time of the call. */
  readonly capturedAt?: number;
}

/**
 * Decodes JPEG, PNG, WebP, AVIF, GIF (first page) or TIFF into RGB24; turns the picture as EXIF says; gray, CMYK, 16-bit become RGB, alpha is
 * laid over black.
 * @throws WatchpostError `inference.image_unreadable`, `inference.image_too_large`
 */
export async function decodeImage(_bytes: Uint8Array, _limits: ImageLimits = {}): Promise<Frame> {
  throw new Error('being written');
}
