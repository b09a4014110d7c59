import type { Frame } from '@watchpost/inference';
import { qualityPolicy } from './policy.ts';

/** A picture with gray on both sides, and by how many pixels everything in it moved to the right. */
export interface Widened {
  readonly frame: Frame;
  readonly shift: number;
}

/** Widens a picture that is narrower than the detector's own proportions. */
export function widen(frame: Frame): Widened {
  const width = Math.ceil(frame.height * qualityPolicy.aspect);
  if (frame.width >= width) return { frame, shift: 0 };
  const shift = (width - frame.width) >> 1;
  const data = new Uint8Array(width * frame.height * 3).fill(128);
  for (let y = 0; y < frame.height; y++)
    data.set(frame.data.subarray(y * frame.width * 3, (y + 1) * frame.width * 3), (y * width + shift) * 3);
  return { frame: { ...frame, width, data }, shift };
}
