import { WatchpostError } from '@watchpost/contracts';
import { checkFrame } from '../frame/check-frame.ts';
import type { Frame, Point } from '../frame/frame.ts';
import { type Bend, bend, unbend } from './bend.ts';
import { enlarge, shrink, stretchContrast, toGray } from './gray-image.ts';
import type { CodeReading } from './reading.ts';
import { formatList, type GrayImage, type Look, loadZxing, readGray } from './zxing.ts';

/** What to look for and for how long. */
export interface CodeReaderOptions {
  /** ZXing format names; default QR, Micro QR, Data Matrix, Aztec, PDF417, EAN/UPC, Code 128. */
  readonly formats?: readonly string[];
  /** Codes per frame, default 8. */
  readonly maxCodes?: number;
  /**
   * No second look (scales, contrast, bends; only when the first finds nothing) starts later than this many ms after the call; default 80, 0 = none.
   * A look that has started is finished, so a call can take longer.
   */
  readonly secondLookMs?: number;
}

/** Stateless between frames. */
export interface CodeReader {
  /**
   * Never throws on odd pixels; an empty list means nothing was readable. Blocks the thread while it looks.
   * @throws WatchpostError `inference.image_unreadable` when `data` is not `width × height × 3` bytes
   */
  read(frame: Frame): Promise<readonly CodeReading[]>;
}

const defaultFormats = ['QRCode', 'MicroQRCode', 'DataMatrix', 'Aztec', 'PDF417', 'EANUPC', 'Code128'];

/**
 * The WebAssembly comes from the npm package on disk and is loaded at the first `read`, never from the network.
 * @throws WatchpostError `config.invalid` for an unknown format name
 */
export function createCodeReader(options: CodeReaderOptions = {}): CodeReader {
  const { formats = defaultFormats, maxCodes = 8, secondLookMs = 80 } = options;
  const base: Look = {
    formats: checkedFormats(formats),
    maxCodes,
    tryHarder: true,
    tryRotate: true,
    tryInvert: true,
    tryDownscale: true,
    tryDenoise: false,
    binarizer: 'LocalAverage',
  };
  return {
    async read(frame) {
      checkFrame(frame);
      if (frame.width < 8 || frame.height < 8) return [];
      const started = performance.now();
      const module = await loadZxing();
      const gray = toGray(frame);
      let found = readGray(module, gray, base, 0);
      const looks = formats.includes('QRCode')
        ? secondLooks
        : secondLooks.filter(({ look }) => !look.formats);
      for (const [i, second] of looks.entries()) {
        if (found.length > 0 || performance.now() - started >= secondLookMs) break;
        const view = second.view(gray);
        if (!view) continue;
        const look = { ...base, ...second.look };
        found = readGray(module, view.image, look, i + 1).map((reading) => replace(reading, view.back));
      }
      return found;
    },
  };
}

interface View {
  readonly image: GrayImage;
  /** From a point of the view to the point of the frame. */
  readonly back: (point: Point) => Point;
}

interface SecondLook {
  readonly look: Partial<Look>;
  /** The picture to look at; null when it makes no sense for this frame. */
  readonly view: (gray: GrayImage) => View | null;
}

const scaled = (image: GrayImage, scale: number): View => ({
  image,
  back: ({ x, y }) => ({ x: x / scale, y: y / scale }),
});
const bends = (['bow', 'squeeze'] as const).flatMap((kind) =>
  (['y', 'x'] as const).flatMap((axis) => [-0.06, 0.06].map((amount) => ({ kind, axis, amount }))),
);

/** In the order of what they found per millisecond on photographed codes. */
const secondLooks: readonly SecondLook[] = [
  { look: { binarizer: 'GlobalHistogram' }, view: (gray) => scaled(gray, 1) },
  {
    look: {},
    view: (gray) => (Math.min(gray.width, gray.height) >= 400 ? scaled(shrink(gray, 2), 0.5) : null),
  },
  ...bends.map((how) => bentLook(how)),
  { look: { tryDenoise: true }, view: (gray) => scaled(stretchContrast(gray), 1) },
  {
    look: { tryDownscale: false },
    view: (gray) => (gray.width * gray.height <= 1e6 ? scaled(enlarge(gray), 2) : null),
  },
];

/** Bows are read at their size, squeezes enlarged: small cells are what a squeeze loses. Only the code that tolerates it is looked for. */
function bentLook(how: Bend): SecondLook {
  const scale = how.kind === 'bow' ? 1 : 2;
  return {
    look: {
      formats: 'QRCode',
      tryInvert: false,
      ...(how.kind === 'bow' ? {} : { binarizer: 'GlobalHistogram' as const }),
    },
    view: (gray) => {
      const factor = Math.ceil(Math.sqrt((gray.width * gray.height) / 200_000));
      const small = factor > 1 ? shrink(gray, factor) : gray;
      const back = (point: Point): Point => {
        const { x, y } = unbend(how, point, small, scale);
        return { x: x * factor, y: y * factor };
      };
      return { image: bend(small, how, scale), back };
    },
  };
}

function replace(reading: CodeReading, back: (point: Point) => Point): CodeReading {
  const [a, b, c, d] = reading.position;
  return { ...reading, position: [back(a), back(b), back(c), back(d)] };
}

function checkedFormats(formats: readonly string[]): string {
  const list = formatList(formats);
  if (list) return list;
  throw new WatchpostError('config.invalid', { path: '/formats', details: { formats: formats.join(' ') } });
}
