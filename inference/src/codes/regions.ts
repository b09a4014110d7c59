import type { Box } from '../frame/frame.ts';
import type { GrayImage } from './zxing.ts';

/** A part of a picture that is as busy as a code. */
export interface Region {
  /** In pixels of the picture, with a margin. */
  readonly box: Box;
  /**
   * 0 … 1: how much all edges run the same way (eigenvalues of the structure tensor, (λ1 − λ2) / (λ1 + λ2)).
   * Bars are near 1, squares of cells near 0.
   */
  readonly coherence: number;
  /**
   * Direction across the bars in degrees, −90 … 90: 0 = bars stand upright. Means little when `coherence` is
   * small.
   */
  readonly angle: number;
}

/**
 * Squares that are judged as one: this many along the longer side of the picture, at least `smallestSquare`
 * pixels each.
 */
const squares = 80;
const smallestSquare = 8;
const mostRegions = 6;

interface Gradients {
  /** Side of a square, pixels. */
  readonly side: number;
  readonly columns: number;
  readonly rows: number;
  /** Structure tensor per block: sums of gx², gy², gx·gy. */
  readonly xx: Float32Array;
  readonly yy: Float32Array;
  readonly xy: Float32Array;
  /** Sum of |gx| + |gy|: a lone strong edge counts little against a crowd of weaker ones. */
  readonly edges: Float32Array;
  /** Sum of brightness per square. */
  readonly light: Float32Array;
  /** Pixels that were looked at per square. */
  readonly samples: number;
}

/** Busy regions of a picture, the busiest first, at most 6. */
export function findRegions(image: GrayImage): Region[] {
  const gradients = gradientsOf(image);
  return components(busySquares(gradients), gradients)
    .map((members) => regionOf(members, gradients, image))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, mostRegions)
    .map(({ weight: _, ...region }) => region);
}

/** At full size, because a shrunken small code is a gray spot; of large pictures some rows only. */
function gradientsOf({ width, height, data }: GrayImage): Gradients {
  const side = Math.max(smallestSquare, Math.ceil(Math.max(width, height) / squares));
  const columns = Math.max(1, Math.floor(width / side));
  const rows = Math.max(1, Math.floor(height / side));
  const xx = new Float32Array(columns * rows);
  const yy = new Float32Array(columns * rows);
  const xy = new Float32Array(columns * rows);
  const edges = new Float32Array(columns * rows);
  const light = new Float32Array(columns * rows);
  const step = Math.floor(side / smallestSquare);
  for (let y = 1; y < Math.min(height - 1, rows * side); y += step) {
    const row = Math.floor(y / side) * columns;
    for (let column = 0; column < columns; column++) {
      let [a, b, c, crowd, bright] = [0, 0, 0, 0, 0];
      const end = Math.min(width - 1, (column + 1) * side);
      for (let at = y * width + Math.max(1, column * side); at < y * width + end; at++) {
        const gx = (data[at + 1] as number) - (data[at - 1] as number);
        const gy = (data[at + width] as number) - (data[at - width] as number);
        a += gx * gx;
        b += gy * gy;
        c += gx * gy;
        crowd += Math.abs(gx) + Math.abs(gy);
        bright += data[at] as number;
      }
      edges[row + column] = (edges[row + column] as number) + crowd;
      light[row + column] = (light[row + column] as number) + bright;
      xx[row + column] = (xx[row + column] as number) + a;
      yy[row + column] = (yy[row + column] as number) + b;
      xy[row + column] = (xy[row + column] as number) + c;
    }
  }
  return { side, columns, rows, xx, yy, xy, edges, light, samples: (side * side) / step };
}

/**
 * Squares with more edges than half way from usual ones (30th percentile) to the fullest (98th), after their
 * neighbours were mixed in.
 */
function busySquares({ columns, rows, edges, light, samples }: Gradients): Uint8Array {
  // Edges in shadow are as high as the light that is left: against it, with a floor that keeps the grain of
  // dark parts down.
  const energy = edges.map((value, i) => value / ((light[i] ?? 0) + 24 * samples));
  const mixed = energy.map((_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const [nx, ny] = [x + dx, y + dy];
        if (nx >= 0 && ny >= 0 && nx < columns && ny < rows) sum += energy[ny * columns + nx] ?? 0;
      }
    }
    return sum / 9;
  });
  const sorted = mixed.toSorted();
  const strong = sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 0;
  const usual = sorted[Math.floor(0.3 * (sorted.length - 1))] ?? 0;
  const threshold = usual + 0.45 * (strong - usual);
  return Uint8Array.from(mixed, (value) => (value > threshold && value > 0 ? 1 : 0));
}

/** Squares that touch, diagonals too. */
function components(busy: Uint8Array, { columns, rows }: Gradients): number[][] {
  const left = Uint8Array.from(busy);
  const found: number[][] = [];
  for (let start = 0; start < left.length; start++) {
    if (!left[start]) continue;
    const members: number[] = [];
    const open = [start];
    left[start] = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      members.push(at);
      const [x, y] = [at % columns, Math.floor(at / columns)];
      for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++) {
          const next = ny * columns + nx;
          if (left[next]) {
            left[next] = 0;
            open.push(next);
          }
        }
      }
    }
    if (members.length >= 4) found.push(members);
  }
  return found;
}

function regionOf(
  members: readonly number[],
  { side, columns, xx, yy, xy, edges }: Gradients,
  image: GrayImage,
): Region & { weight: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  let [a, b, c, crowd] = [0, 0, 0, 0];
  for (const at of members) {
    const [x, y] = [at % columns, Math.floor(at / columns)];
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
    a += xx[at] ?? 0;
    b += yy[at] ?? 0;
    c += xy[at] ?? 0;
    crowd += edges[at] ?? 0;
  }
  const margin = side * (1 + 0.15 * Math.max(right - left, bottom - top));
  const x = Math.max(0, Math.floor(left * side - margin));
  const y = Math.max(0, Math.floor(top * side - margin));
  const box = {
    x,
    y,
    width: Math.min(image.width, Math.ceil(right * side + margin)) - x,
    height: Math.min(image.height, Math.ceil(bottom * side + margin)) - y,
  };
  const filled = members.length / ((right - left) * (bottom - top));
  return { box, ...directionOf(a, b, c), weight: (crowd * filled) / members.length ** 0.6 };
}

/** Doubling the angle makes opposite directions one (Bigün and Granlund 1987). */
function directionOf(xx: number, yy: number, xy: number): Pick<Region, 'coherence' | 'angle'> {
  const spread = Math.hypot(xx - yy, 2 * xy);
  const angle = (Math.atan2(2 * xy, xx - yy) / 2) * (180 / Math.PI);
  return { coherence: spread / (xx + yy + 1e-9), angle };
}

/** The direction of all edges of a picture together. */
export function edgeDirection(image: GrayImage): Pick<Region, 'coherence' | 'angle'> {
  const { xx, yy, xy } = gradientsOf(image);
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
  return directionOf(sum(xx), sum(yy), sum(xy));
}
