import { alignment } from '../../face/align.ts';
import type { FivePoints } from '../../face/observation.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Rgb } from './fabric.ts';
import type { Random } from './random.ts';

/** What the painter knows; shapes, textures and light are others than those of `drawCovering`. */
export const painted = {
  plain: null,
  speckled_jaw: null,
  dim_below: null,
  dim_side: null,
  cloth_below: null,
  thin_frames: null,
  mask: 'mouth',
  low_mask: 'mouth',
  shades: 'eyes',
} as const satisfies Record<string, null | 'mouth' | 'eyes'>;

/** One of them. */
export type PaintedKind = keyof typeof painted;

const smoothStep = (from: number, to: number, x: number) => {
  const t = Math.max(0, Math.min(1, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** Noise on a lattice, 0 … 1, smoothly between its points. */
function latticeNoise(random: Random, cells: number): (u: number, v: number) => number {
  const values = Float32Array.from({ length: (cells + 2) ** 2 }, random);
  return (u, v) => {
    const x = (Math.abs(u) * cells) % cells;
    const y = (Math.abs(v) * cells) % cells;
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [a, b] = [smoothStep(0, 1, x - i), smoothStep(0, 1, y - j)];
    const at = (p: number, q: number) => values[q * (cells + 2) + p] ?? 0;
    return (
      (at(i, j) * (1 - a) + at(i + 1, j) * a) * (1 - b) + (at(i, j + 1) * (1 - a) + at(i + 1, j + 1) * a) * b
    );
  };
}

/** How much of a pixel is covered (0 … 1) and with what, by its place in the aligned crop (0 … 112). */
type Layer = (u: number, v: number, own: Rgb) => { readonly cover: number; readonly colour: Rgb };

/**
 * The picture with something painted on its face, pixel by pixel in the coordinates of the aligned crop.
 */
export function paintCovering(frame: Frame, points: FivePoints, kind: PaintedKind, random: Random): Frame {
  const data = Uint8Array.from(frame.data);
  const map = alignment(points);
  if (!map) return { ...frame, data };
  const det = map.a * map.e - map.b * map.d;
  const layer = layerOf(kind, frame, points, random);
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      const [dx, dy] = [x - map.c, y - map.f];
      const u = (map.e * dx - map.b * dy) / det;
      const v = (map.a * dy - map.d * dx) / det;
      if (u < -40 || u > 152 || v < -20 || v > 190) continue;
      const k = 3 * (y * frame.width + x);
      const own: Rgb = [data[k] ?? 0, data[k + 1] ?? 0, data[k + 2] ?? 0];
      const { cover, colour } = layer(u, v, own);
      if (cover <= 0) continue;
      for (const c of [0, 1, 2] as const)
        data[k + c] = Math.max(0, Math.min(255, Math.round(own[c] * (1 - cover) + colour[c] * cover)));
    }
  }
  return { ...frame, data };
}

function layerOf(kind: PaintedKind, frame: Frame, points: FivePoints, random: Random): Layer {
  switch (kind) {
    case 'mask':
    case 'low_mask':
      return maskLayer(kind === 'low_mask', cheekOf(frame, points), random);
    case 'shades':
      return shadesLayer(random);
    case 'thin_frames':
      return framesLayer(random);
    case 'speckled_jaw':
      return beardLayer(random);
    case 'cloth_below': {
      const top = 122 + 14 * random();
      const fabric = fabricOf([255 * random(), 255 * random(), 255 * random()], random);
      return (u, v) => ({
        cover: smoothStep(top - 1, top + 1, v - 4 * Math.cos(u / 20)),
        colour: fabric(u, v),
      });
    }
    case 'dim_below':
    case 'dim_side': {
      const depth = 0.3 + 0.3 * random();
      const sign = random() < 0.5 ? 1 : -1;
      const where =
        kind === 'dim_below'
          ? (_: number, v: number) => (v - 74) / 24
          : (u: number) => (sign * (u - 56)) / 16;
      return (u, v, own) => {
        const dim = 1 - depth * smoothStep(-1, 1, where(u, v));
        return { cover: 1, colour: [own[0] * dim, own[1] * dim, own[2] * dim] };
      };
    }
    default:
      return () => ({ cover: 0, colour: [0, 0, 0] });
  }
}

/** Colour beside the nose, below the eyes. */
function cheekOf({ data, width, height }: Frame, [left, right, nose]: FivePoints): Rgb {
  const sum = [0, 0, 0];
  let n = 0;
  for (const eye of [left, right])
    for (let t = 0.3; t < 0.7; t += 0.05) {
      const x = Math.round(eye.x + 0.25 * (eye.x - nose.x) * t);
      const y = Math.round(eye.y + (nose.y - eye.y) * t);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const k = 3 * (y * width + x);
      for (const c of [0, 1, 2]) sum[c] = (sum[c] ?? 0) + (data[k + c] ?? 0);
      n++;
    }
  return [(sum[0] ?? 0) / (n || 1), (sum[1] ?? 0) / (n || 1), (sum[2] ?? 0) / (n || 1)];
}

function fabricOf(base: Rgb, random: Random): (u: number, v: number) => Rgb {
  const coarse = latticeNoise(random, 6);
  const fine = latticeNoise(random, 70);
  const deep = 0.1 + 0.4 * random();
  const grain = 0.25 * random();
  const stripes = random() < 0.35 ? 0.2 + 0.6 * random() : 0;
  const pitch = 3 + 12 * random();
  const angle = Math.PI * random();
  const second: Rgb = [255 * random(), 255 * random(), 255 * random()];
  const squares = random() < 0.5;
  return (u, v) => {
    const along = u * Math.cos(angle) + v * Math.sin(angle);
    const across = v * Math.cos(angle) - u * Math.sin(angle);
    const wave = squares
      ? Math.sign(Math.sin(along / pitch) * Math.sin(across / pitch))
      : Math.sin((along * 2) / pitch);
    const blend = stripes * (0.5 + 0.5 * wave);
    const light = 1 - deep * coarse(u / 130, v / 130) + grain * (fine(u / 130, v / 130) - 0.5);
    return [0, 1, 2].map(
      (c) => ((base[c] ?? 0) * (1 - blend) + (second[c] ?? 0) * blend) * light,
    ) as unknown as Rgb;
  };
}

function maskLayer(low: boolean, cheek: Rgb, random: Random): Layer {
  const pick = random();
  const grey = 255 * random();
  const tone = 0.75 + 0.4 * random();
  const base: Rgb =
    pick < 0.2
      ? [cheek[0] * tone, cheek[1] * tone, cheek[2] * tone]
      : pick < 0.35
        ? [250 * tone, 250 * tone, 250 * tone]
        : pick < 0.5
          ? [30 * tone, 30 * tone, 32 * tone]
          : pick < 0.65
            ? [150 + 60 * random(), 190 + 40 * random(), 200 + 40 * random()]
            : pick < 0.75
              ? [grey, grey, grey]
              : [255 * random(), 255 * random(), 255 * random()];
  const fabric = fabricOf(base, random);
  const top = low ? 76 + 13 * random() : 57 + 11 * random();
  const sag = (low ? 2 : 8) * (random() - 0.2);
  const half = 34 + 12 * random();
  const bottom = 112 + 16 * random();
  const power = 2 + 3 * random();
  const soft = 0.6 + 1.2 * random();
  return (u, v) => {
    const side = (u - 56) / half;
    const upper = top + sag * side * side;
    const middle = (top + bottom) / 2;
    const inside =
      v < middle
        ? Math.abs(side)
        : (Math.abs(side) ** power + ((v - middle) / (bottom - middle)) ** power) ** (1 / power);
    const cover = smoothStep(-soft, soft, v - upper) * smoothStep(-0.03, 0.03, 1 - inside);
    return { cover, colour: fabric(u, v) };
  };
}

function shadesLayer(random: Random): Layer {
  const tint: Rgb = [60 * random(), 50 * random(), 60 * random()];
  const [wide, high] = [9 + 10 * random(), 6 + 9 * random()];
  const power = 2 + 6 * random();
  const opacity = 0.8 + 0.2 * random();
  const drop = 5 * random() - 1;
  return (u, v) => {
    const lens = Math.min(
      ...[37, 75].map((x) => Math.abs((u - x) / wide) ** power + Math.abs((v - 51 - drop) / high) ** power),
    );
    const bridge = Math.abs(v - 48) < 2 && u > 2 && u < 110;
    const cover = Math.max(opacity * smoothStep(-0.2, 0.2, 1 - lens), bridge ? 0.95 : 0);
    const light = 1 + 0.8 * smoothStep(6, 0, Math.abs(u - v));
    return { cover, colour: [tint[0] * light, tint[1] * light, tint[2] * light] };
  };
}

function framesLayer(random: Random): Layer {
  const [wide, high] = [15 + 3 * random(), 10 + 4 * random()];
  const tone = 90 * random();
  return (u, v) => {
    const rim = Math.min(...[37, 75].map((x) => Math.abs(Math.hypot((u - x) / wide, (v - 53) / high) - 1)));
    return { cover: 0.9 * smoothStep(0.14, 0.05, rim), colour: [tone, tone, tone] };
  };
}

function beardLayer(random: Random): Layer {
  const thick = 0.4 + 0.5 * random();
  const tone: Rgb = [20 + 60 * random(), 15 + 45 * random(), 12 + 35 * random()];
  const strands = latticeNoise(random, 60);
  const moustache = random() < 0.7;
  return (u, v) => {
    const lips = Math.hypot((u - 56) / 17, (v - 92) / 7);
    const jaw = v > 86 - 10 * smoothStep(18, 36, Math.abs(u - 56)) && lips > 1 && Math.abs(u - 56) < 42;
    const upperLip = moustache && v > 80 && v < 88 && Math.abs(u - 56) < 18;
    const cover = jaw || upperLip ? thick * smoothStep(0.25, 0.7, strands(u / 112, v / 112)) : 0;
    return { cover, colour: tone };
  };
}
