import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpCamera, requestCamera } from './http-request.ts';
import { JpegScanner } from './jpeg-scanner.ts';
import { cameraPolicy } from './policy.ts';

/** What an HTTP address gives. */
export type HttpContent =
  /**
   * JPEGs one after the other, or one snapshot per request: a source of them that ends when the camera ends
   * it.
   */
  | { readonly kind: 'jpegs'; readonly pictures: AsyncIterable<Buffer>; unreadable(): number }
  /** Something else: FFmpeg may know it. */
  | { readonly kind: 'other' };

/**
 * Asks an HTTP address what it gives. Its content type is a hint only; the first bytes decide.
 * @throws SourceFailure with the code that says what is wrong
 */
export async function openHttpPictures(camera: HttpCamera, fps: number): Promise<HttpContent> {
  const answer = await requestCamera(camera);
  const type = answer.headers['content-type'] ?? '';
  const scanner = new JpegScanner(cameraPolicy.maxJpegBytes);
  const unreadable = () => scanner.unreadable;
  if (/^multipart\//i.test(type)) return { kind: 'jpegs', pictures: streamed(answer, scanner), unreadable };
  if (/^image\//i.test(type))
    return { kind: 'jpegs', pictures: snapshots(camera, fps, answer, scanner), unreadable };
  // Nothing, or “bytes”: a stream of bare JPEGs begins like one.
  if (type !== '' && !/octet-stream|text\/plain/i.test(type)) {
    answer.destroy();
    return { kind: 'other' };
  }
  const first = await firstBytes(answer);
  const isJpeg = first?.[0] === 0xff && first[1] === 0xd8;
  const isPart = first?.[0] === 0x2d && first[1] === 0x2d;
  if (first && (isJpeg || isPart))
    return { kind: 'jpegs', pictures: streamed(answer, scanner, first), unreadable };
  answer.destroy();
  return { kind: 'other' };
}

async function firstBytes(answer: IncomingMessage): Promise<Buffer | null> {
  const timer = setTimeout(() => answer.destroy(), cameraPolicy.answerMs);
  try {
    for (;;) {
      const chunk = answer.read() as Buffer | null;
      if (chunk) return chunk;
      if (answer.readableEnded || answer.destroyed) return null;
      await new Promise<void>((resolve) => {
        for (const event of ['readable', 'end', 'close'] as const) answer.once(event, () => resolve());
      });
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* streamed(
  answer: IncomingMessage,
  scanner: JpegScanner,
  first?: Buffer,
): AsyncGenerator<Buffer> {
  if (first) yield* scanner.push(first);
  try {
    for await (const chunk of answer) yield* scanner.push(chunk as Buffer);
  } catch {
    // Broken off: the stream ends here, and whoever reads it opens it again.
  }
}

/** One request after the other, evenly spaced; ends when one gives no picture. */
async function* snapshots(
  camera: HttpCamera,
  fps: number,
  opened: IncomingMessage,
  scanner: JpegScanner,
): AsyncGenerator<Buffer> {
  const everyMs = 1000 / Math.min(fps, cameraPolicy.maxSnapshotsPerSecond);
  let answer = opened;
  for (;;) {
    const began = performance.now();
    let pictures = 0;
    for await (const picture of streamed(answer, scanner)) {
      pictures++;
      yield picture;
    }
    if (pictures === 0) return;
    await sleep(Math.max(0, everyMs - (performance.now() - began)));
    answer = await requestCamera(camera);
  }
}
