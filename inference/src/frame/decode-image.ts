import { WatchpostError } from '@watchpost/contracts/errors';
import type { Metadata } from 'sharp';
import { decodePlainJpeg } from './decode-plain-jpeg.ts';
import type { Frame } from './frame.ts';
import { plainJpegSize } from './jpeg-header.ts';

/** Loaded with the first picture that needs it: a gateway that reads cameras never does. */
async function loadSharp() {
  const { default: sharp } = await import('sharp');
  // One picture at a time in one thread: many small pictures are decoded, and libvips' caches would only hold
  // memory.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

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

type Header = Pick<Metadata, 'width' | 'height' | 'orientation' | 'hasAlpha' | 'space' | 'depth'>;

/**
 * Decodes JPEG, PNG, WebP, AVIF, GIF (first page) or TIFF into RGB24; turns the picture as EXIF says; gray,
 * CMYK, 16-bit become RGB, alpha is laid over black. A picture that ends early is unreadable, not half gray.
 * @throws WatchpostError `inference.image_unreadable`, `inference.image_too_large`
 */
export async function decodeImage(bytes: Uint8Array, limits: ImageLimits = {}): Promise<Frame> {
  const { maxPixels = 25e6, maxSide = 16_384, maxBytes = 32 * 1024 * 1024, capturedAt = Date.now() } = limits;
  // sharp's constructor throws on no bytes at all.
  if (bytes.byteLength === 0) return unreadable(new Error('no bytes'));
  if (bytes.byteLength > maxBytes) {
    throw new WatchpostError('inference.image_too_large', { details: { bytes: bytes.byteLength, maxBytes } });
  }
  const check = ({ width, height }: Pick<Header, 'width' | 'height'>) => {
    if (width * height <= maxPixels && Math.max(width, height) <= maxSide) return;
    throw new WatchpostError('inference.image_too_large', { details: { width, height, maxPixels, maxSide } });
  };
  const plain = plainJpegSize(bytes);
  if (plain) check(plain);
  const frame = plain && (await decodePlainJpeg(bytes, plain, capturedAt));
  if (frame) return frame;
  const sharp = await loadSharp();
  // Pixel limits are ours, so that a bomb gets its own code instead of a message text to parse.
  const image = sharp(bytes, { limitInputPixels: false, failOn: 'truncated', sequentialRead: true });
  const size: Header = await image.metadata().catch(unreadable);
  check(size);
  // Steps that would change nothing still cost a pass over the picture.
  if ((size.orientation ?? 1) > 1) image.autoOrient();
  if (size.hasAlpha) image.flatten({ background: '#000' });
  if (size.space !== 'srgb' || size.depth !== 'uchar') image.toColourspace('srgb');
  const { data, info } = await image
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(unreadable);
  if (info.channels !== 3) return unreadable(new Error(`${info.channels} channels`));
  return { width: info.width, height: info.height, data, capturedAt };
}

function unreadable(cause: unknown): never {
  throw new WatchpostError('inference.image_unreadable', { cause });
}
