import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ClipPicture, encodeClip } from '../../../../edge-agent/src/testing/encode-clip.ts';
import { burnIn } from './picture-mark.ts';

/** What the camera of the bench sends: the hardest that cameras on sale send. */
export const noiseClip = { width: 3840, height: 2160, fps: 25, gop: 50, pictures: 150 } as const;

/** Changed whenever the clip is made differently, so that an old one is not used. */
const edition = 2;
const folder = fileURLToPath(new URL('../../../../node_modules/.cache/watchpost-bench/', import.meta.url));
/** Grey levels that the noise spans, and what the encoder is allowed for it. */
const noiseLevels = 96;
const bitrate = '20M';

/**
 * Path of the clip, a bare H.265 byte stream: noise, with the number of each picture burnt in. Made once,
 * which takes about a minute, and kept.
 */
export async function openNoiseClip(say: (line: string) => void): Promise<string> {
  const { width, height, fps, gop, pictures } = noiseClip;
  const path = `${folder}noise-${width}x${height}-${edition}.hevc`;
  if (existsSync(path)) return path;
  say(`making ${pictures} pictures of ${width} × ${height} in H.265, once`);
  mkdirSync(folder, { recursive: true });
  const unfinished = `${folder}unfinished-${process.pid}.hevc`;
  try {
    await encodeClip(unfinished, noise(width, height, pictures), fps, { codec: 'h265', gop, bitrate });
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return path;
}

/** Megabits a second of the clip when it is played in its own time. */
export function clipMbitPerS(path: string): number {
  return (statSync(path).size * 8 * noiseClip.fps) / noiseClip.pictures / 1e6;
}

/**
 * Pictures of noise that have nothing in common: each begins elsewhere in the same long row of random bytes.
 */
function* noise(width: number, height: number, pictures: number): Generator<ClipPicture> {
  const bytes = width * height * 3;
  const stock = randomLevels(bytes * 2);
  for (let number = 0; number < pictures; number++) {
    const from = (number * 1_000_003) % bytes;
    const picture = { width, height, data: stock.slice(from, from + bytes) };
    burnIn(picture, number);
    yield picture;
  }
}

/** Greys around the middle, the same ones at each run (xorshift32). */
function randomLevels(count: number): Uint8Array {
  const levels = new Uint8Array(count);
  let state = 2_463_534_242;
  for (let at = 0; at < count; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    levels[at] = 128 - noiseLevels / 2 + ((state >>> 8) % noiseLevels);
  }
  return levels;
}
