import { WatchpostError } from '@watchpost/contracts/errors';

/**
 * Size of a PNG after a walk over its chunks (W3C PNG, third edition, clause 5).
 * @throws WatchpostError `enrolment.photo_damaged`, `enrolment.photo_animated`, `enrolment.photo_two_kinds`
 */
export function pngHeader(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 33 || file.toString('latin1', 12, 16) !== 'IHDR')
    throw new WatchpostError('enrolment.photo_damaged');
  for (let at = 8; at + 12 <= file.length; ) {
    const next = at + 12 + file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    if (next > file.length) break;
    if (name === 'acTL') throw new WatchpostError('enrolment.photo_animated', { details: { format: 'PNG' } });
    if (name === 'IEND') {
      if (next < file.length) throw new WatchpostError('enrolment.photo_two_kinds');
      return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
    }
    at = next;
  }
  throw new WatchpostError('enrolment.photo_damaged');
}
