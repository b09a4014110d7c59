import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeClip, squarePicture } from '../../../edge-agent/src/testing/encode-clip.ts';

/** Pictures a second of the cameras of these benches. */
export const cameraFps = 5;

/** A few seconds of a scene in which something moves, H.264. */
export async function movingScene(): Promise<Buffer> {
  const place = mkdtempSync(join(tmpdir(), 'watchpost-scene-'));
  try {
    const path = join(place, 'scene.h264');
    const pictures = Array.from({ length: 3 * cameraFps }, (_, step) => squarePicture(320, 180, step));
    await encodeClip(path, pictures, cameraFps);
    return readFileSync(path);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
