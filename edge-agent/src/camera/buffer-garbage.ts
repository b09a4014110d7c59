import { cameraPolicy } from './policy.ts';

let bytes = 0;

/**
 * Pictures and chunks of pipes lie outside the heap. What nobody needs of them goes when the young generation
 * is collected, and V8 by itself lets some 32 MB of it lie about, because it sees how few objects it is. So
 * whoever makes some says how much, and the young generation, a megabyte of it, is collected in time. Does
 * nothing in a process that was started without `--expose-gc`.
 * @param made bytes that nobody needs any more, or soon
 */
export function noteBufferGarbage(made: number): void {
  bytes += made;
  if (bytes < cameraPolicy.garbageBytes) return;
  bytes = 0;
  globalThis.gc?.({ type: 'minor' });
}
