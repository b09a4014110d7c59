import { accessUnits, type NalCodec, parameterSet } from './elementary-stream.ts';

/** What the simulated camera streams under one name, and its bad habits. Times in seconds since PLAY. */
export interface RtspStream {
  readonly codec: NalCodec;
  /** A byte stream (Annex B), played in a loop. */
  readonly bytes: Buffer;
  readonly fps: number;
  /** Asks for a log-in. */
  readonly auth?: 'basic' | 'digest' | 'digest-qop';
  readonly user?: string;
  readonly password?: string;
  /** Never answers this request. */
  readonly mute?: 'DESCRIBE' | 'PLAY';
  /** Refuses RTP inside the connection. */
  readonly udpOnly?: boolean;
  /** Refuses RTP over UDP. */
  readonly tcpOnly?: boolean;
  /** Answers DESCRIBE with this status. */
  readonly status?: number;
  readonly audioOnly?: boolean;
  /** Says nothing of its parameter sets in the SDP. */
  readonly noParameters?: boolean;
  /** Names a codec that nobody decodes. */
  readonly strangeCodec?: boolean;
  /** Sends nothing any more. */
  readonly silentAfterS?: number;
  /** Repeats one picture from then on … */
  readonly stillAfterS?: number;
  /** … until then. */
  readonly stillUntilS?: number;
  /** Plays another stream of the same codec from then on … */
  readonly other?: Buffer;
  readonly afterS?: number;
  /** … until then. */
  readonly untilS?: number;
  /** Ends the connection. */
  readonly dropAfterS?: number;
  /** Leaves out every nth picture. */
  readonly lossy?: number;
  /** Wrong RTP time stamps. */
  readonly timestamps?: 'zero' | 'random' | 'jump' | 'back';
}

const units = new WeakMap<Buffer, Buffer[][]>();

/** The pictures of a byte stream, taken apart once. */
export function picturesOf(bytes: Buffer, codec: NalCodec): Buffer[][] {
  const known = units.get(bytes) ?? accessUnits(bytes, codec);
  units.set(bytes, known);
  return known;
}

/** Its description (RFC 4566). */
export function sdpOf(stream: RtspStream): string {
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=camera', 't=0 0', 'a=control:*'];
  if (stream.audioOnly) {
    lines.push('m=audio 0 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=control:track1');
  } else {
    const name = stream.strangeCodec ? 'X-UNHEARD-OF' : stream.codec === 'h265' ? 'H265' : 'H264';
    lines.push('m=video 0 RTP/AVP 96', `a=rtpmap:96 ${name}/90000`);
    if (!stream.noParameters && !stream.strangeCodec) lines.push(`a=fmtp:96 ${parametersOf(stream)}`);
    lines.push('a=control:track0');
  }
  return `${lines.join('\r\n')}\r\n`;
}

function parametersOf({ bytes, codec }: RtspStream): string {
  const first = picturesOf(bytes, codec)[0] ?? [];
  const set = (type: number) => parameterSet(first, codec, type);
  return codec === 'h265'
    ? `sprop-vps=${set(32)};sprop-sps=${set(33)};sprop-pps=${set(34)}`
    : `packetization-mode=1;sprop-parameter-sets=${set(7)},${set(8)}`;
}
