import type { ModelOutputs } from '../../models/open-session.ts';
import type { Detection, InputGeometry } from './detector.ts';

/**
 * UltraFace outputs: `scores` [n, 2] with the face in column 1, `boxes` [n, 4] as corners in 0 … 1 of the
 * input, already decoded from priors (Linzaer, Ultra-Light-Fast-Generic-Face-Detector).
 */
export function decodeUltraFace(
  outputs: ModelOutputs,
  geometry: InputGeometry,
  scoreThreshold: number,
): Detection[] {
  const scores = outputs.get('scores');
  const boxes = outputs.get('boxes');
  if (!scores || !boxes) return [];
  const frameWidth = geometry.width / geometry.scaleX;
  const frameHeight = geometry.height / geometry.scaleY;
  const found: Detection[] = [];
  for (let i = 0; i * 4 + 3 < boxes.length; i++) {
    const score = scores[i * 2 + 1] ?? 0;
    if (!(score >= scoreThreshold)) continue;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = boxes.subarray(i * 4, i * 4 + 4);
    const width = (x1 - x0) * frameWidth;
    const height = (y1 - y0) * frameHeight;
    const finite = [x0 * frameWidth, y0 * frameHeight, width, height].every(Number.isFinite);
    if (!(finite && width > 0 && height > 0)) continue;
    found.push({ box: { x: x0 * frameWidth, y: y0 * frameHeight, width, height }, score, points: null });
  }
  return found;
}
