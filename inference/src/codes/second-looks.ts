import type { Box, Point } from '../frame/frame.ts';
import { type Bend, bend, unbend } from './bend.ts';
import { crop, evenOut, sharpen, turn, turnBack } from './enhance.ts';
import { enlarge, shrink, stretchContrast } from './gray-image.ts';
import { findRegions, type Region } from './regions.ts';
import type { GrayImage, Look } from './zxing.ts';

/** A picture made from a frame, and the way back. */
export interface View {
  readonly image: GrayImage;
  /** From a point of the view to the point of the frame. */
  readonly back: (point: Point) => Point;
}

/** One more way to look at a frame. */
export interface SecondLook {
  /**
   * What it costs: pixels that it will look at, times its measured time per pixel against that of the first
   * look.
   */
  readonly cost: number;
  readonly view: () => View;
  /**
   * What differs from the first look; `formats` are names that the caller narrows to those that are wanted.
   */
  readonly look: Partial<Omit<Look, 'formats'>>;
  readonly formats: readonly string[];
}

const bars = ['PDF417', 'EANUPC', 'Code128'];
const squares = ['QRCode', 'MicroQRCode', 'DataMatrix', 'Aztec'];
const all = [...squares, ...bars];
const global = { binarizer: 'GlobalHistogram' } as const;
/** Larger frames are looked at in parts only. */
const wholeFramePixels = 1e6;
const mostRegions = 3;

/**
 * Ways to look again, in the order of what they find per millisecond, on photographed and on generated codes:
 * another threshold, half size, then the busiest parts of the frame turned so that bars stand upright,
 * sharpened, bent, evened out and enlarged. Where codes are `known` already, only at the parts without one.
 */
export function* secondLooks(gray: GrayImage, known: readonly Box[] = []): Generator<SecondLook> {
  const pixels = gray.width * gray.height;
  const whole = (view: () => View, look: SecondLook['look'], scale = 1, effort = 1): SecondLook => ({
    cost: pixels * scale * scale * effort,
    view,
    look,
    formats: all,
  });
  const first = known.length === 0;
  if (first && pixels <= wholeFramePixels) yield whole(() => scaled(gray, 1), global);
  if (first && Math.min(gray.width, gray.height) >= 400)
    yield whole(() => scaled(shrink(gray, 2), 0.5), {}, 0.5);
  const regions = findRegions(gray)
    .filter(({ box }) => !known.some((code) => overlaps(box, code)))
    .slice(0, mostRegions);
  const even = (effort: number) => (region: Region) =>
    regionLook(gray, region, 1, effort, (image) => evenOut(image, surroundings(image)));
  yield* regions.map((region) => regionLook(gray, region, 1, 1, (image) => image));
  yield* regions.filter(isBars).map(even(1.5));
  yield* regions.map((region) => regionLook(gray, region, 1, 1, (image) => sharpen(image, 2, 2), 0));
  if (first) yield* bends.map((how) => bentLook(gray, how));
  yield* regions.filter((region) => !isBars(region)).map(even(4));
  yield* regions.map((region) => regionLook(gray, region, 2, 1.5, (image) => sharpen(image, 4, 2)));
  if (first && pixels <= wholeFramePixels) {
    yield whole(() => scaled(stretchContrast(gray), 1), { tryDenoise: true }, 1, 2);
    yield whole(() => scaled(enlarge(gray), 2), { tryDownscale: false }, 2);
  }
}

/** Whether a known code takes up a fifth of the part: then the part is that code and what is around it. */
function overlaps(part: Box, code: Box): boolean {
  const width = Math.min(part.x + part.width, code.x + code.width) - Math.max(part.x, code.x);
  const height = Math.min(part.y + part.height, code.y + code.height) - Math.max(part.y, code.y);
  return width > 0 && height > 0 && width * height > 0.2 * part.width * part.height;
}

const isBars = ({ coherence }: Region) => coherence > 0.6;

const scaled = (image: GrayImage, scale: number): View => ({
  image,
  back: ({ x, y }) => ({ x: x / scale, y: y / scale }),
});

const surroundings = (image: GrayImage) => Math.max(12, Math.round(Math.min(image.width, image.height) / 8));

/**
 * A part of the frame, turned so that its bars stand upright. Bars and squares are told apart by how much
 * their edges run one way.
 */
function regionLook(
  gray: GrayImage,
  region: Region,
  scale: number,
  effort: number,
  improve: (image: GrayImage) => GrayImage,
  degrees = region.angle,
): SecondLook {
  const { box, coherence } = region;
  return {
    cost: box.width * box.height * scale * scale * effort,
    view: () => {
      const part = crop(gray, box);
      const turned = degrees === 0 && scale === 1 ? part : turn(part, degrees, scale);
      const back = (point: Point): Point => {
        const { x, y } = turnBack(part, degrees, scale, point);
        return { x: x + box.x, y: y + box.y };
      };
      return { image: improve(turned), back };
    },
    look: { ...global, tryInvert: false },
    formats: isBars(region) ? bars : coherence < 0.25 ? squares : all,
  };
}

const bends = (['bow', 'squeeze'] as const).flatMap((kind) =>
  (['y', 'x'] as const).flatMap((axis) => [-0.06, 0.06].map((amount) => ({ kind, axis, amount }))),
);

/**
 * Bows are read at their size, squeezes enlarged: small cells are what a squeeze loses. Only the code that
 * tolerates it is looked for.
 */
function bentLook(gray: GrayImage, how: Bend): SecondLook {
  const scale = how.kind === 'bow' ? 1 : 2;
  const factor = Math.max(1, Math.ceil(Math.sqrt((gray.width * gray.height) / 200_000)));
  return {
    cost: (0.4 * gray.width * gray.height * scale * scale) / (factor * factor),
    view: () => {
      const small = factor > 1 ? shrink(gray, factor) : gray;
      const back = (point: Point): Point => {
        const { x, y } = unbend(how, point, small, scale);
        return { x: x * factor, y: y * factor };
      };
      return { image: bend(small, how, scale), back };
    },
    look: { tryInvert: false, ...(how.kind === 'bow' ? {} : global) },
    formats: ['QRCode'],
  };
}
