import type { Box, Point } from '../frame/frame.ts';
import { Agreement } from './agreement.ts';
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
   * When the first look finds nothing, more looks (parts, scales, contrast, deskew, bends) are taken as long
   * as they will end within this many ms after the call, by the pace of the looks so far; default 120, 0 =
   * none. The first look is always finished.
   */
  readonly secondLookMs?: number;
  /**
   * Look on for further codes after some were read; default false: the first look at a good picture is the
   * only one.
   */
  readonly several?: boolean;
  /** Milliseconds of a clock that never goes back; default `performance.now`. */
  readonly clock?: () => number;
}

/** Stateless between pictures. */
export interface GrayCodeReader {
  /**
   * The codes of a gray picture. Never throws on odd pixels; an empty list means nothing was readable. Blocks
   * the thread while it looks.
   */
  readGray(image: GrayImage): Promise<readonly CodeReading[]>;
}

const defaultFormats = ['QRCode', 'MicroQRCode', 'DataMatrix', 'Aztec', 'PDF417', 'EANUPC', 'Code128'];

/**
 * What `createCodeReader` reads gray pictures with, by itself: the thread beside a camera’s decoder needs no
 * more, not even the errors of everything else.
 * @throws RangeError for an unknown format name
 */
export function createGrayCodeReader(options: CodeReaderOptions = {}): GrayCodeReader {
  const {
    formats = defaultFormats,
    maxCodes = 8,
    secondLookMs = 120,
    several = false,
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
  const readGray = async (gray: GrayImage): Promise<readonly CodeReading[]> => {
    if (gray.width < 8 || gray.height < 8) return [];
    const module = await loadZxing();
    const started = clock();
    const agreement = new Agreement();
    let found = look(module, gray, base, 0, agreement);
    if (secondLookMs === 0 || (found.length > 0 && !several)) return found;
    // A look that, by the pace so far, would not end in time is left out; a smaller one may still fit.
    const firstPace = (clock() - started) / (gray.width * gray.height);
    let cost = gray.width * gray.height;
    let index = 0;
    for (const second of secondLooks(gray, found.map(boxOf))) {
      index++;
      const elapsed = clock() - started;
      if (elapsed >= secondLookMs || found.length >= maxCodes) break;
      const wanted = second.formats.filter((format) => formats.includes(format));
      const pace = Math.max(firstPace, elapsed / cost);
      if (wanted.length === 0 || elapsed + second.cost * pace > secondLookMs) continue;
      const how = { ...base, formats: checkedFormats(wanted) };
      const more = lookAgain(module, second, how, index, agreement);
      found = [...found, ...more.filter((reading) => !found.some((other) => isSame(reading, other)))];
      if (found.length > 0 && !several) break;
      cost += second.cost;
    }
    return found.slice(0, maxCodes);
  };
  return { readGray };
}

/** Around the corners. */
function boxOf({ position }: CodeReading): Box {
  const xs = position.map(({ x }) => x);
  const ys = position.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** The same code seen by two looks: two prints of one code lie apart. */
function isSame(a: CodeReading, b: CodeReading): boolean {
  if (a.format !== b.format || !Buffer.from(a.bytes).equals(b.bytes)) return false;
  const [one, other] = [boxOf(a), boxOf(b)];
  const dx = one.x + one.width / 2 - other.x - other.width / 2;
  const dy = one.y + one.height / 2 - other.y - other.height / 2;
  return Math.hypot(dx, dy) < Math.max(one.width, one.height, other.width, other.height) / 2;
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
  throw new RangeError('unknown format');
}
