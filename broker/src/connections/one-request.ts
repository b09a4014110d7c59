import type { Duplex } from 'node:stream';
import { webSocketPolicy } from './policy.ts';

const end = Buffer.from('\r\n\r\n');

/**
 * Waits until the head of one HTTP request is whole, gives it back to the stream alone, and whatever stands
 * behind it to `whole`: a chunk holds thousands of requests, and HTTP would answer all of them in one turn.
 */
export function readOneRequest(
  stream: Duplex,
  events: { whole(rest: Buffer): void; tooLarge(): void },
): void {
  let bytes: Buffer = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    const from = Math.max(0, bytes.length - end.length);
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const at = bytes.indexOf(end, from);
    if (at < 0 && bytes.length <= webSocketPolicy.headBytes) return;
    stream.off('data', read).off('end', left);
    stream.pause();
    if (at < 0) {
      events.tooLarge();
      return;
    }
    const whole = at + end.length;
    stream.unshift(bytes.subarray(0, whole));
    events.whole(bytes.subarray(whole));
  };
  const left = () => stream.destroy();
  stream.on('data', read).on('end', left).resume();
}
