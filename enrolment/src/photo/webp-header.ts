import { WatchpostError } from '@watchpost/contracts/errors';

type Size = { readonly width: number; readonly height: number };

/**
 * Size of a WebP after a walk over its chunks (RFC 9649).
 * @throws WatchpostError `enrolment.photo_damaged`, `enrolment.photo_animated`, `enrolment.photo_two_kinds`
 */
export function webpHeader(bytes: Uint8Array): Size {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 30) throw new WatchpostError('enrolment.photo_damaged');
  const declared = 8 + file.readUInt32LE(4);
  if (declared > file.length) throw new WatchpostError('enrolment.photo_damaged');
  if (declared + (declared & 1) < file.length) throw new WatchpostError('enrolment.photo_two_kinds');
  let size: Size | undefined;
  for (let at = 12; at + 8 <= declared; ) {
    const length = file.readUInt32LE(at + 4);
    const name = file.toString('latin1', at, at + 4);
    if (at + 8 + length > declared) throw new WatchpostError('enrolment.photo_damaged');
    if (name === 'ANIM' || name === 'ANMF')
      throw new WatchpostError('enrolment.photo_animated', { details: { format: 'WebP' } });
    size = larger(size, sizeOf(name, file.subarray(at + 8, at + 8 + length)));
    at += 8 + length + (length & 1);
  }
  if (!size) throw new WatchpostError('enrolment.photo_damaged');
  return size;
}

/** Of a canvas and a picture that differ, what takes more memory. */
const larger = (a: Size | undefined, b: Size | undefined): Size | undefined =>
  !a || (b && b.width * b.height > a.width * a.height) ? b : a;

function sizeOf(name: string, data: Buffer): Size | undefined {
  if (name === 'VP8X' && data.length >= 10)
    return { width: 1 + data.readUIntLE(4, 3), height: 1 + data.readUIntLE(7, 3) };
  if (name === 'VP8 ' && data.length >= 10)
    return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
  if (name === 'VP8L' && data.length >= 5) {
    const bits = data.readUInt32LE(1);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  return undefined;
}
