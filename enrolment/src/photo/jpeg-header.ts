import { WatchpostError } from '@watchpost/contracts/errors';

interface Walk {
  readonly width: number;
  readonly height: number;
  /** Behind the end marker. */
  readonly end: number;
  /** The file says that it holds several pictures (CIPA DC-007). */
  readonly hasMore: boolean;
}

const damaged = () => new WatchpostError('enrolment.photo_damaged');
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
/** Markers without a length: fill, restart, and TEM (ITU-T T.81, table B.1). */
const standsAlone = (marker: number) => (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01;

/**
 * Size of a JPEG, from its first frame header, after a walk over all its segments up to the end marker.
 * @throws WatchpostError `enrolment.photo_damaged`, `enrolment.photo_two_kinds`
 */
export function jpegHeader(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height, end, hasMore } = walk(file);
  if (!isHarmless(file.subarray(end), hasMore)) throw new WatchpostError('enrolment.photo_two_kinds');
  return { width, height };
}

function walk(file: Buffer): Walk {
  let size: { width: number; height: number } | undefined;
  let hasMore = false;
  for (let at = 2; at + 2 <= file.length; ) {
    if (file[at] !== 0xff) throw damaged();
    const marker = file[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) {
      if (!size) throw damaged();
      return { ...size, end: at + 2, hasMore };
    }
    if (standsAlone(marker)) {
      at += 2;
      continue;
    }
    if (at + 4 > file.length) throw damaged();
    const next = at + 2 + file.readUInt16BE(at + 2);
    if (next > file.length || next < at + 4) throw damaged();
    if (isFrame(marker) && !size) {
      if (next < at + 10) throw damaged();
      size = { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) };
    }
    if (marker === 0xe2 && file.toString('latin1', at + 4, at + 8) === 'MPF\0') hasMore = true;
    at = marker === 0xda ? afterScan(file, next) : next;
  }
  throw damaged();
}

/** Behind coded data the next marker that ends it; in the data itself 0xff is followed by 0 or a restart. */
function afterScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const marker = file[at + 1];
    if (marker === undefined) break;
    if (marker !== 0 && marker !== 0xff && !standsAlone(marker)) return at;
  }
  throw damaged();
}

/**
 * What cameras put behind the picture is accepted, because every photo is drawn anew and nothing of it stays:
 * further JPEGs that the file announces (previews, brightness maps), padding, and Samsung’s list of settings.
 * A film among it is not: whoever sends a moving photo shall know that it is one.
 */
function isHarmless(rest: Buffer, hasMore: boolean): boolean {
  if (rest.every((byte) => byte === 0)) return true;
  if (rest.includes('ftyp')) return false;
  if (rest.subarray(-4).toString('latin1') === 'SEFT') return true;
  const next = rest.indexOf('\xff\xd8\xff', 0, 'latin1');
  return hasMore && next >= 0 && rest.subarray(0, next).every((byte) => byte === 0);
}
