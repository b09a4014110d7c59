import sharp from 'sharp';
import { type WriteInputBarcodeFormat, writeBarcode } from 'zxing-wasm/writer';
import type { Frame } from '../frame/frame.ts';
import { loadZxingWriter } from './zxing-writer.ts';

/** How a code is held in front of a camera. Everything left out is as good as it gets. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Pixels of the frame per cell or narrowest bar. */
  readonly cellPx: number;
  /** Turn in degrees. */
  readonly turn?: number;
  /** Perspective: 0 = seen from the front, 0.6 = the far edge appears 0.4 times as long as the near one. */
  readonly tilt?: number;
  /** Sigma of a Gaussian blur, pixels. */
  readonly blur?: number;
  /** Deviation of the noise of each pixel, gray values. */
  readonly noise?: number;
  /** Gray values of black and white. */
  readonly range?: readonly [number, number];
  /** Light falls off to this share from left to right. */
  readonly shade?: number;
  /** Radius of a burnt-out spot beside the middle of the code, as a share of its size. */
  readonly glare?: number;
  /** Share of the code covered by spots. */
  readonly damage?: number;
  /** Random shapes behind the code. */
  readonly clutter?: number;
}

type Random = () => number;
interface Texture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Texture pixels per cell. */
  readonly scale: number;
}

/** A code as a texture with a white margin. */
export async function renderCode(
  text: string,
  format: WriteInputBarcodeFormat,
  options = '',
): Promise<Texture> {
  await loadZxingWriter();
  const scale = 6;
  const { image, error } = await writeBarcode(text, {
    format,
    scale,
    addQuietZones: true,
    ...(options ? { options } : {}),
  });
  if (!image) throw new Error(error);
  const margin = 4 * scale;
  const { data, info } = await sharp(Buffer.from(await image.arrayBuffer()))
    .flatten({ background: '#fff' })
    .grayscale()
    .extend({ top: margin, bottom: margin, left: margin, right: margin, background: '#fff' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data), scale };
}

/** The picture of a scene; same random stream, same picture. */
export function photograph(code: Texture, scene: Scene, random: Random): Frame {
  const { width, height, range: [dark, light] = [0, 255], shade = 1, noise = 0 } = scene;
  const paper = spoil(code, scene, random);
  const back = background(scene, random);
  const toTexture = placeCode(code, scene, random);
  const gray = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (let sub = 0; sub < 9; sub++) {
        const point = toTexture(x + ((sub % 3) + 0.5) / 3, y + (Math.floor(sub / 3) + 0.5) / 3);
        sum += point ? sample(paper, code, point[0], point[1]) : (back[at] ?? 0);
      }
      gray[at] = sum / 9;
    }
  }
  const soft = scene.blur ? blurred(gray, width, height, scene.blur) : gray;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < soft.length; i++) {
    const lit = (dark + ((soft[i] ?? 0) / 255) * (light - dark)) * (1 - (1 - shade) * ((i % width) / width));
    const value = lit + noise * (random() + random() + random() + random() - 2) * 1.7;
    data.fill(Math.max(0, Math.min(255, Math.round(value))), 3 * i, 3 * i + 3);
  }
  return { width, height, data, capturedAt: 0 };
}

/** The code with glare and damage; values above 255 burn out whatever the light is. */
function spoil(code: Texture, { glare = 0, damage = 0 }: Scene, random: Random): Float32Array {
  const paper = Float32Array.from(code.data);
  const spot = (cx: number, cy: number, radius: number, value: number) => {
    for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(code.height, cy + radius); y++) {
      for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(code.width, cx + radius); x++) {
        if (Math.hypot(x - cx, y - cy) < radius) paper[y * code.width + x] = value;
      }
    }
  };
  const size = Math.min(code.width, code.height);
  if (glare > 0) spot(code.width * 0.62, code.height * 0.6, glare * size, 420);
  for (let covered = 0; covered < damage * code.width * code.height; ) {
    const radius = code.scale * (0.6 + random());
    spot(random() * code.width, random() * code.height, radius, random() < 0.5 ? 0 : 255);
    covered += Math.PI * radius * radius;
  }
  return paper;
}

/** From a point of the frame to one of the texture; null beside it. */
function placeCode(code: Texture, scene: Scene, random: Random) {
  const { width, height, cellPx, turn = 0, tilt = 0 } = scene;
  const zoom = cellPx / code.scale;
  const radians = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const roomX = Math.max(0, width - code.width * zoom * 1.1) * 0.5;
  const roomY = Math.max(0, height - code.height * zoom * 1.1) * 0.5;
  const span = turn % 90 === 0 ? 1 : 0.5;
  const cx = width / 2 + (random() - 0.5) * roomX * span;
  const cy = height / 2 + (random() - 0.5) * roomY * span;
  return (x: number, y: number): readonly [number, number] | null => {
    const dx = (x - cx) / zoom;
    const dy = (y - cy) / zoom;
    const u = cos * dx + sin * dy;
    const v = cos * dy - sin * dx;
    // A pinhole looking at a plane that leans back.
    const depth = 1 / (1 - tilt * 0.5 * (v / (code.height / 2)));
    if (!(depth > 0 && depth < 5)) return null;
    const tx = code.width / 2 + u * depth;
    const ty = code.height / 2 + v * depth;
    return tx >= 0 && ty >= 0 && tx < code.width - 1 && ty < code.height - 1 ? [tx, ty] : null;
  };
}

function sample(paper: Float32Array, { width }: Texture, x: number, y: number): number {
  return paper[Math.floor(y) * width + Math.floor(x)] ?? 255;
}

function background({ width, height, clutter = 0 }: Scene, random: Random): Float32Array {
  const back = new Float32Array(width * height).fill(200);
  for (let i = 0; i < clutter; i++) {
    const [x0, y0] = [Math.floor(random() * width), Math.floor(random() * height)];
    const [w, h] = [4 + Math.floor((random() * width) / 5), 4 + Math.floor((random() * height) / 5)];
    const value = random() * 255;
    for (let y = y0; y < Math.min(height, y0 + h); y++)
      back.fill(value, y * width + x0, y * width + Math.min(width, x0 + w));
  }
  return back;
}

function blurred(gray: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, one) => sum + one, 0);
  const pass = (from: Float32Array, step: number, limit: number, position: (at: number) => number) =>
    from.map((_, at) => {
      let sum = 0;
      const here = position(at);
      for (let k = -radius; k <= radius; k++) {
        const there = Math.max(0, Math.min(limit - 1, here + k));
        sum += (from[at + (there - here) * step] ?? 0) * (kernel[k + radius] ?? 0);
      }
      return sum / total;
    });
  const across = pass(gray, 1, width, (at) => at % width);
  return pass(across, width, height, (at) => Math.floor(at / width));
}
