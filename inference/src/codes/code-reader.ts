import { WatchpostError } from '@watchpost/contracts';
import { checkFrame } from '../frame/check-frame.ts';
import type { Frame, Point } from '../frame/frame.ts';
import { Agreement } from './agreement.ts';
import { toGray } from './gray-image.ts';
import type { CodeReading } from './reading.ts';
import { type SecondLook, secondLooks } from './second-looks.ts';
import { formatList, type GrayImage, type Look, loadZxing, readGray, type ZxingModule } from './zxing.ts';

/** What to look for and for how long. */
export interface CodeReaderOptions {
  /** ZXing format names; default QR, Micro QR, Data Matrix, Aztec, PDF417, EAN/UPC, Code 128. */
  readonly formats?: readonly string[];
  /** Codes per frame, default 8. */
  readonly maxCodes?: number;
  /**
   * When the first look finds nothing, more looks (parts, scales, contrast, deskew, bends) are taken as long as they will end within this many ms after the call, by
   * the pace of the looks so far; default 120, 0 = none. The first look is always finished.
   */
  readonly secondLookMs?: number;
  /** Milliseconds of a clock that never goes back; default `performance.now`. */
  readonly clock?: () => number;
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
  const {
    formats = defaultFormats,
    maxCodes = 8,
    secondLookMs = 120,
    clock = () => performance.now(),
  } = options;
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
      const module = await loadZxing();
      const started = clock();
      const gray = toGray(frame);
      const agreement = new Agreement();
      const first = look(module, gray, base, 0, agreement);
      if (first.length > 0 || secondLookMs === 0) return first;
      // A look that, by the pace so far, would not end in time is left out; a smaller one may still fit.
      const firstPace = (clock() - started) / (gray.width * gray.height);
      let cost = gray.width * gray.height;
      let index = 0;
      for (const second of secondLooks(gray)) {
        index++;
        const elapsed = clock() - started;
        if (elapsed >= secondLookMs) break;
        const wanted = second.formats.filter((format) => formats.includes(format));
        const pace = Math.max(firstPace, elapsed / cost);
        if (wanted.length === 0 || elapsed + second.cost * pace > secondLookMs) continue;
        const found = lookAgain(
          module,
          second,
          { ...base, formats: checkedFormats(wanted) },
          index,
          agreement,
        );
        if (found.length > 0) return found;
        cost += second.cost;
      }
      return [];
    },
  };
}

function look(
  module: ZxingModule,
  image: GrayImage,
  how: Look,
  index: number,
  agreement: Agreement,
): CodeReading[] {
  const found = readGray(module, image, how, index);
  return found.filter((reading) => agreement.accepts(reading, module, image, how));
}

function lookAgain(
  module: ZxingModule,
  second: SecondLook,
  base: Look,
  index: number,
  agreement: Agreement,
): CodeReading[] {
  const { image, back } = second.view();
  const found = look(module, image, { ...base, ...second.look }, index, agreement);
  return found.map((reading) => replace(reading, back));
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
