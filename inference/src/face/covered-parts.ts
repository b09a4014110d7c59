import type { Frame } from '../frame/frame.ts';
import type { Affine, PixelCoding } from '../frame/sampling.ts';
import { firstOutput, type OnnxModel } from '../models/open-session.ts';
import { alignedSide } from './align.ts';
import { cropFace, unitLength } from './embed.ts';

/** A part of the aligned crop, pixels; the end is exclusive. */
interface Patch {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

const patch = (x0: number, y0: number, x1: number, y1: number): Patch => ({ x0, y0, x1, y1 });

/** Parts that are hidden one after the other, to see how much of the face the recogniser found there. */
const hidden = {
  lower: patch(20, 64, 92, 112),
  nose: patch(42, 62, 70, 81),
  lips: patch(36, 82, 76, 103),
  eyes: patch(20, 42, 92, 61),
} as const;

const skin = [patch(28, 59, 42, 65), patch(70, 59, 84, 65), patch(52, 46, 60, 58)];
const places = {
  nose: [patch(51, 67, 61, 76)],
  cheeks: [patch(33, 74, 44, 84), patch(68, 74, 79, 84)],
  chin: [patch(48, 100, 64, 109)],
  lens: [patch(30, 46, 46, 58), patch(66, 46, 82, 58)],
} as const;

/** How a face is lit. */
export interface FaceLight {
  /** Mean brightness of the face, 0 … 255. */
  readonly mean: number;
  /** Share of its pixels that are nearly white, 0 … 1. */
  readonly blown: number;
  /** The brighter cheek over the darker one; 1 = the same light on both sides. */
  readonly sides: number;
}

/** Measures of a face's parts, in the order of `measureNames`. */
export type PartMeasures = readonly number[];

/** What each of the eighteen measures is called. */
export const measureNames = [
  'lowerSeen',
  'noseSeen',
  'lipsSeen',
  'eyesSeen',
  'norm',
  'noseChroma',
  'cheekChroma',
  'chinChroma',
  'noseLuma',
  'cheekLuma',
  'lipRed',
  'mouthLine',
  'nostril',
  'cheekEdge',
  'lowerTexture',
  'lensLuma',
  'lensTexture',
  'lensDark',
] as const;

/**
 * Looks at an aligned face as the recogniser does: what changes in its view when a part is painted over? A
 * part that it could not see before changes little. Beside it colours, lines and textures of the parts.
 */
export async function measureParts(
  model: OnnxModel,
  frame: Frame,
  aligned: Affine,
): Promise<{ measures: PartMeasures; light: FaceLight; embedding: Float32Array } | null> {
  const input = cropFace(model, frame, aligned);
  const face = Float32Array.from(input);
  const whole = firstOutput(await model.run());
  const own = whole && unitLength(whole);
  if (!whole || !own) return null;
  const norm = Math.hypot(...whole);
  const seen: number[] = [];
  for (const part of Object.values(hidden)) {
    input.set(face);
    paintOver(input, part);
    const other = firstOutput(await model.run());
    const unit = other && unitLength(other);
    if (!unit) return null;
    seen.push(own.reduce((sum, value, i) => sum + value * (unit[i] ?? 0), 0));
  }
  const planes = planesOf(face, model.manifest.input);
  return { measures: [...seen, norm, ...pixelMeasures(planes)], light: lightOf(planes), embedding: own };
}

function lightOf({ luma }: Planes): FaceLight {
  const all = patch(20, 24, 92, 104);
  let [sum, blown, n] = [0, 0, 0];
  each(all, (i) => {
    const value = luma[i] as number;
    sum += value;
    if (value > 247) blown++;
    n++;
  });
  const left = median(luma, [patch(24, 58, 46, 90)]) + 4;
  const right = median(luma, [patch(66, 58, 88, 90)]) + 4;
  return { mean: sum / n, blown: blown / n, sides: Math.max(left / right, right / left) };
}

/** Fills a part with its own mean colour, plane by plane. */
function paintOver(input: Float32Array, { x0, y0, x1, y1 }: Patch): void {
  const plane = alignedSide * alignedSide;
  for (let start = 0; start < input.length; start += plane) {
    let sum = 0;
    for (let y = y0; y < y1; y++)
      for (let x = x0; x < x1; x++) sum += input[start + y * alignedSide + x] as number;
    const mean = sum / ((x1 - x0) * (y1 - y0));
    for (let y = y0; y < y1; y++)
      input.fill(mean, start + y * alignedSide + x0, start + y * alignedSide + x1);
  }
}

interface Planes {
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly luma: Float32Array;
}

function planesOf(input: Float32Array, { colour, mean, scale }: PixelCoding): Planes {
  const plane = alignedSide * alignedSide;
  const at = (index: number) =>
    input.subarray(index * plane, (index + 1) * plane).map((value) => Math.max(0, value / scale + mean));
  const [first, green, last] = [at(0), at(1), at(2)];
  const [red, blue] = colour === 'RGB' ? [first, last] : [last, first];
  const luma = green.map((g, i) => 0.299 * (red[i] as number) + 0.587 * g + 0.114 * (blue[i] as number));
  return { red, green, blue, luma };
}

function each({ x0, y0, x1, y1 }: Patch, visit: (index: number) => void): void {
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) visit(y * alignedSide + x);
}

/** Median of a plane over patches: a strand of hair or a reflection does not move it. */
function median(plane: Float32Array, patches: readonly Patch[], share = 0.5): number {
  const values: number[] = [];
  for (const one of patches) each(one, (i) => values.push(plane[i] as number));
  values.sort((a, b) => a - b);
  return values[Math.floor(share * (values.length - 1))] ?? 0;
}

interface Tone {
  readonly rg: number;
  readonly bg: number;
  readonly light: number;
}

function toneOf(planes: Planes, patches: readonly Patch[]): Tone {
  const [r, g, b] = [planes.red, planes.green, planes.blue].map((plane) => median(plane, patches) + 8);
  return {
    rg: Math.log((r ?? 8) / (g ?? 8)),
    bg: Math.log((b ?? 8) / (g ?? 8)),
    light: Math.log(median(planes.luma, patches) + 8),
  };
}

const chroma = (a: Tone, b: Tone) => Math.hypot(a.rg - b.rg, a.bg - b.bg);

function deviation(plane: Float32Array, patches: readonly Patch[]): number {
  let [sum, squares, n] = [0, 0, 0];
  for (const one of patches)
    each(one, (i) => {
      const value = plane[i] as number;
      sum += value;
      squares += value * value;
      n++;
    });
  return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
}

function rowMeans(plane: Float32Array, x0: number, x1: number): Float32Array {
  return Float32Array.from({ length: alignedSide }, (_, y) => {
    let sum = 0;
    for (let x = x0; x < x1; x++) sum += plane[y * alignedSide + x] as number;
    return sum / (x1 - x0);
  });
}

function pixelMeasures(planes: Planes): number[] {
  const ownSkin = toneOf(planes, skin);
  const nose = toneOf(planes, places.nose);
  const cheeks = toneOf(planes, places.cheeks);
  const chin = toneOf(planes, places.chin);
  const lens = toneOf(planes, places.lens);
  const contrast = deviation(planes.luma, [patch(24, 30, 88, 108)]) + 4;
  const redness = rowMeans(
    planes.red.map((r, i) => Math.log((r + 8) / ((planes.green[i] as number) + 8))),
    46,
    66,
  );
  const rows = rowMeans(planes.luma, 44, 68);
  const level = (from: number, to: number) =>
    redness.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  const lipRed = Math.max(...redness.subarray(84, 100)) - (level(77, 82) + level(103, 109)) / 2;
  let mouthLine = 0;
  for (let y = 84; y < 101; y++) {
    const dip = ((rows[y - 4] as number) + (rows[y + 4] as number)) / 2 - (rows[y] as number);
    mouthLine = Math.max(mouthLine, dip / contrast);
  }
  const nostril =
    (median(planes.luma, places.nose) - median(planes.luma, [patch(44, 70, 68, 82)], 0.05)) / contrast;
  let cheekEdge = 0;
  for (const [x0, x1] of [
    [28, 44],
    [68, 84],
  ] as const) {
    const bands = [planes.red, planes.green, planes.blue].map((plane) => rowMeans(plane, x0, x1));
    let best = 0;
    for (let y = 58; y < 84; y++) {
      const step = bands.reduce(
        (sum, band) =>
          sum +
          Math.abs(
            (band[y] as number) + (band[y - 1] as number) - (band[y + 2] as number) - (band[y + 3] as number),
          ),
        0,
      );
      best = Math.max(best, step / (6 * contrast));
    }
    cheekEdge += best / 2;
  }
  return [
    chroma(nose, ownSkin),
    chroma(cheeks, ownSkin),
    chroma(chin, ownSkin),
    nose.light - ownSkin.light,
    cheeks.light - ownSkin.light,
    lipRed,
    mouthLine,
    nostril,
    cheekEdge,
    Math.log(
      (deviation(planes.luma, [patch(40, 66, 72, 104)]) + 2) /
        (deviation(planes.luma, [patch(30, 42, 82, 62)]) + 2),
    ),
    lens.light - ownSkin.light,
    Math.log((deviation(planes.luma, places.lens) + 2) / contrast),
    Math.log(median(planes.luma, places.lens, 0.8) + 8) - ownSkin.light,
  ];
}
