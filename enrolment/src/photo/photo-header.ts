import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import { jpegHeader } from './jpeg-header.ts';
import { pngHeader } from './png-header.ts';
import { photoPolicy } from './policy.ts';
import { webpHeader } from './webp-header.ts';

/** What a photo says of itself before a pixel of it is decoded. */
export interface PhotoHeader {
  readonly format: 'jpeg' | 'png' | 'webp';
  readonly width: number;
  readonly height: number;
}

/** Refuses a photo. */
export const refuse = (
  code: ErrorCode,
  details: Readonly<Record<string, string | number>> = {},
): WatchpostError => new WatchpostError(code, { details });

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(from, to).toString('latin1');

/** Brands of ISO base media files (ISO/IEC 23008-12, annex B) in which phones keep HEVC pictures. */
const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);

/**
 * Reads the header of a photo as it came from a browser or a phone, and judges all that can be judged without
 * decoding it: kind, size, movement, and whether the file is something else besides.
 * @throws WatchpostError `enrolment.photo_*`
 */
export function readPhotoHeader(bytes: Uint8Array): PhotoHeader {
  if (bytes.length === 0) throw refuse('enrolment.photo_empty');
  if (bytes.length > photoPolicy.bytes)
    throw refuse('enrolment.photo_bytes', { bytes: bytes.length, limit: photoPolicy.bytes });
  const header = headerOf(bytes);
  const { width, height } = header;
  if (width < 1 || height < 1) throw refuse('enrolment.photo_damaged');
  if (width * height > photoPolicy.pixels || Math.max(width, height) > photoPolicy.side)
    throw refuse('enrolment.photo_pixels', { width, height, limit: photoPolicy.pixels });
  if (isDocument(bytes) || isArchive(bytes)) throw refuse('enrolment.photo_two_kinds');
  return header;
}

function headerOf(bytes: Uint8Array): PhotoHeader {
  const start = latin1(bytes, 0, 12);
  if (start.startsWith('\xff\xd8\xff')) return { format: 'jpeg', ...jpegHeader(bytes) };
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return { format: 'png', ...pngHeader(bytes) };
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return { format: 'webp', ...webpHeader(bytes) };
  if (start.startsWith('GIF8')) throw refuse('enrolment.photo_animated', { format: 'GIF' });
  if (start.slice(4, 8) === 'ftyp' && heicBrands.has(start.slice(8, 12)))
    throw refuse('enrolment.photo_heic', { format: start.slice(8, 12) });
  throw refuse('enrolment.photo_format');
}

/** Readers of PDF take a file whose first kilobyte holds the mark of one. */
const isDocument = (bytes: Uint8Array): boolean => latin1(bytes, 0, 1024).includes('%PDF-');

/**
 * Readers of ZIP begin at the end: a record there (PKWARE APPNOTE 4.3.16) whose comment reaches the last byte
 * makes any file an archive.
 */
function isArchive(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = Math.max(0, file.length - 22 - 0xffff);
  for (
    let at = file.indexOf('PK\x05\x06', from, 'latin1');
    at >= 0;
    at = file.indexOf('PK\x05\x06', at + 1, 'latin1')
  )
    if (at + 22 <= file.length && at + 22 + file.readUInt16LE(at + 20) === file.length) return true;
  return false;
}
