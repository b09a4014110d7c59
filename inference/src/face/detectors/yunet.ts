import type { ModelOutputs } from '../../models/open-session.ts';
import type { Detection, InputGeometry } from './detector.ts';
import { cellsOf, toDetection } from './grid.ts';

/**
 * YuNet outputs `cls_s`, `obj_s`, `bbox_s`, `kps_s` for strides 8, 16, 32: score √(cls·obj), box centre and
 * logarithmic size, five points, all relative to the cell (Wu et al., YuNet: A tiny millisecond-level face
 * detector, 2023).
 */
export function decodeYuNet(
  outputs: ModelOutputs,
  geometry: InputGeometry,
  scoreThreshold: number,
): Detection[] {
  const found: Detection[] = [];
  for (const stride of [8, 16, 32]) {
    const [cls, obj, bbox, kps] = ['cls', 'obj', 'bbox', 'kps'].map((name) =>
      outputs.get(`${name}_${stride}`),
    );
    if (!cls || !obj || !bbox || !kps) continue;
    for (const { index, column, row } of cellsOf(geometry, stride, 1)) {
      const score = Math.sqrt(Math.max(0, (cls[index] ?? 0) * (obj[index] ?? 0)));
      if (!(score >= scoreThreshold)) continue;
      const [dx = 0, dy = 0, logWidth = 0, logHeight = 0] = bbox.subarray(index * 4, index * 4 + 4);
      const cx = (column + dx) * stride;
      const cy = (row + dy) * stride;
      const w = Math.exp(logWidth) * stride;
      const h = Math.exp(logHeight) * stride;
      const point = (k: number) => ({
        x: ((kps[index * 10 + 2 * k] ?? Number.NaN) + column) * stride,
        y: ((kps[index * 10 + 2 * k + 1] ?? Number.NaN) + row) * stride,
      });
      const detection = toDetection(score, [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], point, geometry);
      if (detection) found.push(detection);
    }
  }
  return found;
}
