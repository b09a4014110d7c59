import type { Frame } from '@watchpost/inference';
import type { ClipPicture } from './encode-clip.ts';

/** Part of a picture, scaled by the nearest pixel. */
export interface Patch {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Pictures in which `patch` of `photo`, `side` pixels high, walks from left to right over plain grey. For
 * tests only.
 */
export function* walkingFace(
  photo: Frame,
  patch: Patch,
  { width, height, side, steps }: { width: number; height: number; side: number; steps: number },
): Generator<ClipPicture> {
  const patchWidth = Math.round((side * patch.width) / patch.height);
  for (let step = 0; step < steps; step++) {
    const data = new Uint8Array(width * height * 3).fill(112);
    const left = Math.round(((width - patchWidth) * step) / Math.max(1, steps - 1));
    const top = Math.round((height - side) / 2);
    for (let y = 0; y < side; y++) {
      const sourceY = Math.min(photo.height - 1, Math.floor(patch.top + (y * patch.height) / side));
      for (let x = 0; x < patchWidth; x++) {
        const sourceX = Math.min(photo.width - 1, Math.floor(patch.left + (x * patch.width) / patchWidth));
        const from = (sourceY * photo.width + sourceX) * 3;
        data.set(photo.data.subarray(from, from + 3), ((top + y) * width + left + x) * 3);
      }
    }
    yield { width, height, data };
  }
}
