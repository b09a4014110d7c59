import type { NalCodec } from './elementary-stream.ts';

const mostBytes = 1300;

/** RTP payloads of a NAL unit: itself, or fragments (RFC 6184 §5.8 FU-A, RFC 7798 §4.4.3). */
export function payloadsOf(nal: Buffer, codec: NalCodec): Buffer[] {
  if (nal.length <= mostBytes) return [nal];
  const headerBytes = codec === 'h265' ? 2 : 1;
  const first = nal[0] ?? 0;
  const type = codec === 'h265' ? (first >> 1) & 63 : first & 31;
  const payloads: Buffer[] = [];
  for (let at = headerBytes; at < nal.length; at += mostBytes) {
    const piece = nal.subarray(at, at + mostBytes);
    const flags = (at === headerBytes ? 0x80 : 0) | (at + mostBytes >= nal.length ? 0x40 : 0);
    const head =
      codec === 'h265'
        ? [(first & 0x81) | (49 << 1), nal[1] ?? 0, flags | type]
        : [(first & 0xe0) | 28, flags | type];
    payloads.push(Buffer.concat([Buffer.from(head), piece]));
  }
  return payloads;
}

/** A packet’s header (RFC 3550 §5.1). */
export function rtpHeader(payloadType: number, marker: boolean, sequence: number, timestamp: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes[0] = 0x80;
  bytes[1] = (marker ? 128 : 0) | payloadType;
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE(timestamp >>> 0, 4);
  bytes.writeUInt32BE(0x1234abcd, 8);
  return bytes;
}

/** A packet inside the RTSP connection (RFC 2326 §10.12). */
export function interleaved(channel: number, header: Buffer, payload: Buffer): Buffer {
  const frame = Buffer.alloc(4);
  frame[0] = 0x24;
  frame[1] = channel;
  frame.writeUInt16BE(header.length + payload.length, 2);
  return Buffer.concat([frame, header, payload]);
}
