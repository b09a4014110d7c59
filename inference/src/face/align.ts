import type { Affine } from '../frame/sampling.ts';
import type { FivePoints } from './observation.ts';

/**
 * Where the five points lie in an aligned crop of 112 × 112 (the reference of ArcFace, insightface
 * `face_align`).
 */
const reference = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
] as const;

/** Side of the aligned crop in pixels. */
export const alignedSide = 112;

/**
 * The similarity (turn, scale, shift; no mirror) that maps pixels of the aligned crop to the frame with least
 * squared distance of the points (Umeyama 1991, two dimensions). null when the points coincide.
 */
export function alignment(points: FivePoints): Affine | null {
  let mx = 0;
  let my = 0;
  let px = 0;
  let py = 0;
  for (const [i, [rx, ry]] of reference.entries()) {
    mx += rx / 5;
    my += ry / 5;
    px += (points[i]?.x ?? 0) / 5;
    py += (points[i]?.y ?? 0) / 5;
  }
  let dot = 0;
  let cross = 0;
  let norm = 0;
  for (const [i, [rx, ry]] of reference.entries()) {
    const x = (points[i]?.x ?? 0) - px;
    const y = (points[i]?.y ?? 0) - py;
    dot += x * (rx - mx) + y * (ry - my);
    cross += x * (ry - my) - y * (rx - mx);
    norm += x * x + y * y;
  }
  if (!(norm > 1e-6)) return null;
  // Frame to crop is s·R; the least squares in that direction, then inverted, as the recogniser was trained.
  const a = dot / norm;
  const b = cross / norm;
  const det = a * a + b * b;
  if (!(det > 1e-12)) return null;
  const ia = a / det;
  const ib = b / det;
  return { a: ia, b: ib, c: px - ia * mx - ib * my, d: -ib, e: ia, f: py + ib * mx - ia * my };
}
