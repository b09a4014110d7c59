import type { ModelOutputs } from '../../models/open-session.ts';
import type { Detection, InputGeometry } from './detector.ts';
import { cellsOf, toDetection } from './grid.ts';

const strides = [8, 16, 32] as const;
const anchors = 2;

/**
 * SCRFD outputs in the order of its exports: three of scores [n, 1], three of boxes [n, 4], three of points
 * [n, 10], each for strides 8, 16, 32 with two anchors per cell; boxes are distances of the four sides from
 * the cell's corner, points are offsets, both in strides (Guo et al., Sample and computation redistribution
 * for efficient face detection, 2021). The names in the file do not matter.
 */
export function decodeScrfd(
  outputs: ModelOutputs,
  geometry: InputGeometry,
  scoreThreshold: number,
): Detection[] {
  const arrays = [...outputs.values()];
  const found: Detection[] = [];
  for (const [level, stride] of strides.entries()) {
    const [scores, boxes, points] = [arrays[level], arrays[level + 3], arrays[level + 6]];
    if (!scores || !boxes || !points) continue;
    for (const { index, column, row } of cellsOf(geometry, stride, anchors)) {
      const score = scores[index] ?? 0;
      if (!(score >= scoreThreshold)) continue;
      const cx = column * stride;
      const cy = row * stride;
      const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(index * 4, index * 4 + 4);
      const corners = [
        cx - left * stride,
        cy - top * stride,
        cx + right * stride,
        cy + bottom * stride,
      ] as const;
      const point = (k: number) => ({
        x: cx + (points[index * 10 + 2 * k] ?? Number.NaN) * stride,
        y: cy + (points[index * 10 + 2 * k + 1] ?? Number.NaN) * stride,
      });
      const detection = toDetection(score, corners, point, geometry);
      if (detection) found.push(detection);
    }
  }
  return found;
}
