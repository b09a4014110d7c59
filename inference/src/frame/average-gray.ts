import type { Frame } from './frame.ts';
import type { Affine, PixelCoding } from './sampling.ts';

/**
 * Gray, reduced, upright and within the frame: what the landmark model sees of every face. `columns` holds
 * the byte offsets of `taps` samples per pixel. As the general way, without a row of colours between.
 */
export function averageGray(
  { data, width: frameWidth }: Frame,
  map: Affine,
  columns: Int32Array,
  height: number,
  taps: number,
  { mean, scale }: PixelCoding,
  target: Float32Array,
): void {
  const share = scale / (taps * taps);
  const [red, green, blue] = [0.299 * share, 0.587 * share, 0.114 * share];
  const offset = mean * scale;
  const starts = new Int32Array(taps);
  for (let v = 0, at = 0; v < height; v++) {
    for (let j = 0; j < taps; j++) {
      const y = Math.floor(map.e * (v + (j + 0.5) / taps - 0.5) + map.f + 0.5);
      starts[j] = y * frameWidth * 3;
    }
    for (let k = 0; k < columns.length; k += taps, at++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let j = 0; j < taps; j++) {
        const start = starts[j] as number;
        for (let i = 0; i < taps; i++) {
          const p = start + (columns[k + i] as number);
          r += data[p] as number;
          g += data[p + 1] as number;
          b += data[p + 2] as number;
        }
      }
      target[at] = red * r + green * g + blue * b - offset;
    }
  }
}
