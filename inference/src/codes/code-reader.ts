import { WatchpostError } from '@watchpost/contracts';
import { checkFrame } from '../frame/check-frame.ts';
import type { Frame, Point } from '../frame/frame.ts';
import { enlarge, shrink, soften, stretchContrast, toGray } from './gray-image.ts';
import type { CodeReading } from './reading.ts';
import { formatList, type GrayImage, type Look, loadZxing, readGray } from './zxing.ts';

/** What to look for and for how long. */
export interface CodeReaderOptions {
  /** ZXing format names; default QR, Micro QR, Data Matrix, Aztec, PDF417, EAN/UPC, Code 128. */
  readonly formats?: readonly string[];
  /** Codes per frame, default 8. */
  readonly maxCodes?: number;
  /**
   * No second look (scales, contrast; only when the first finds nothing) starts later than this many ms after the call; default 40, 0 = none.
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
  const { formats = defaultFormats, maxCodes = 8, secondLookMs = 40 } = options;
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
      for (const [i, second] of secondLooks.entries()) {
        if (found.length > 0 || performance.now() - started >= secondLookMs) break;
        const view = second.view(gray);
        if (!view) continue;
        const { image, scale } = view;
        found = readGray(module, image, { ...base, ...second.look }, i + 1).map((reading) =>
          rescale(reading, scale),
        );
      }
      return found;
    },
  };
}

interface SecondLook {
  readonly look: Partial<Look>;
  /** The picture to look at and its pixels per frame pixel; null when it makes no sense for this frame. */
  readonly view: (gray: GrayImage) => { image: GrayImage; scale: number } | null;
}

/** In the order of what they found per millisecond on photographed codes. */
const secondLooks: readonly SecondLook[] = [
  { look: { binarizer: 'GlobalHistogram' }, view: (image) => ({ image, scale: 1 }) },
  { look: { binarizer: 'GlobalHistogram' }, view: (gray) => ({ image: soften(gray), scale: 1 }) },
  {
    look: {},
    view: (gray) =>
      Math.min(gray.width, gray.height) >= 400 ? { image: shrink(gray, 2), scale: 0.5 } : null,
  },
  { look: { tryDenoise: true }, view: (gray) => ({ image: stretchContrast(gray), scale: 1 }) },
  {
    look: { tryDownscale: false },
    view: (gray) => (gray.width * gray.height <= 1e6 ? { image: enlarge(gray), scale: 2 } : null),
  },
];

function rescale(reading: CodeReading, scale: number): CodeReading {
  const back = ({ x, y }: Point): Point => ({ x: x / scale, y: y / scale });
  const [a, b, c, d] = reading.position;
  return { ...reading, position: [back(a), back(b), back(c), back(d)] };
}

function checkedFormats(formats: readonly string[]): string {
  const list = formatList(formats);
  if (list) return list;
  throw new WatchpostError('config.invalid', { path: '/formats', details: { formats: formats.join(' ') } });
}
