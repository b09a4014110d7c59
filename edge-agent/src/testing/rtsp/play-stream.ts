import { payloadsOf, rtpHeader } from './rtp-packets.ts';
import { picturesOf, type RtspStream } from './rtsp-stream.ts';

const clockRate = 90_000;

export interface PlayTarget {
  /** Sends one RTP packet. */
  send(header: Buffer, payload: Buffer): void;
  /** The camera hangs up. */
  hangUp(): void;
  /** Called with the number of each picture as it is sent. */
  onPicture?(number: number): void;
  /** Whether it holds still: then no picture is sent, and the one whose turn it was comes afterwards. */
  isPaused?(): boolean;
}

/** Plays a stream in real time with its habits. @returns what stops it */
export function playStream(stream: RtspStream, target: PlayTarget): () => void {
  const began = performance.now();
  let timer: NodeJS.Timeout | null = null;
  let sequence = 1;
  let number = 0;
  let at = 0;
  const tick = () => {
    const second = (performance.now() - began) / 1000;
    if (second > (stream.dropAfterS ?? Infinity)) {
      target.hangUp();
      return;
    }
    if (second > (stream.silentAfterS ?? Infinity)) return;
    const next = () => {
      number++;
      timer = setTimeout(tick, Math.max(0, began + (number * 1000) / stream.fps - performance.now()));
    };
    if (target.isPaused?.()) {
      next();
      return;
    }
    const isOther = second > (stream.afterS ?? 0) && second < (stream.untilS ?? Infinity);
    const bytes = (isOther && stream.other) || stream.bytes;
    const pictures = picturesOf(bytes, stream.codec);
    const still = second > (stream.stillAfterS ?? Infinity) && second < (stream.stillUntilS ?? Infinity);
    // The first is a key picture: repeated, it decodes to the same pixels again and again.
    const picture = pictures[still ? 0 : at % pictures.length] ?? [];
    if (!still) at++;
    const isLost = stream.lossy !== undefined && number % stream.lossy === stream.lossy - 1;
    if (!isLost) {
      const timestamp = timestampOf(stream, number);
      picture.forEach((nal, i) => {
        const payloads = payloadsOf(nal, stream.codec);
        payloads.forEach((payload, j) => {
          const last = i === picture.length - 1 && j === payloads.length - 1;
          target.send(rtpHeader(96, last, sequence++, timestamp), payload);
        });
      });
    }
    target.onPicture?.(number);
    next();
  };
  tick();
  return () => {
    if (timer) clearTimeout(timer);
  };
}

function timestampOf({ timestamps, fps }: RtspStream, number: number): number {
  const right = clockRate + Math.round((number * clockRate) / fps);
  switch (timestamps) {
    case 'zero':
      return 0;
    case 'random':
      return Math.floor(Math.random() * 2 ** 32);
    case 'jump':
      return (right + (number > 40 ? clockRate * 3600 * 5 : 0)) % 2 ** 32;
    case 'back':
      return clockRate + Math.round(((number % 30) * clockRate) / fps);
    default:
      return right;
  }
}
