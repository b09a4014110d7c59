/** Size of a picture in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const exif = 'Exif\0';
/** Start-of-frame markers of sequential Huffman-coded JPEG: baseline and extended (ITU-T T.81, table B.1). */
const frameMarkers = new Set([0xc0, 0xc1]);

/**
 * The size of a plain JPEG as cameras send them: three components of eight bits and no EXIF, so nothing has
 * to be turned or converted. null for everything else, damaged headers included: those are for the general
 * decoder to judge. So are progressive pictures, whose many scans can be made to cost much time.
 */
export function plainJpegSize(bytes: Uint8Array): Size | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: Size | null = null;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = view.getUint8(at + 1);
    const length = view.getUint16(at + 2);
    if (view.getUint8(at) !== 0xff || length < 2 || at + 2 + length > bytes.length) return null;
    if (marker === 0xda) return size;
    if (marker === 0xe1 && latin1(bytes, at + 4, exif.length) === exif) return null;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xcc) {
      // Other depths or counts, a second frame header, or a height that follows later (DNL): not plain.
      if (!frameMarkers.has(marker) || size || length !== 8 + 3 * 3 || bytes[at + 4] !== 8) return null;
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      if (size.width === 0 || size.height === 0 || bytes[at + 9] !== 3) return null;
    }
    // Only markers with a length may stand before the scan: tables, application data, comments, restart
    // interval, frame headers.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9)) return null;
    at += 2 + length;
  }
  return null;
}

function latin1(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
