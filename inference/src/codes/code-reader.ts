import type { Frame } from '../frame/frame.ts';
import type { CodeReading } from './reading.ts';

/** What to look for and for how long. */
export interface CodeReaderOptions {
  /** ZXing format names; default QR, Micro QR, Data Matrix, Aztec, PDF417, EAN/UPC, Code 128. */
  readonly formats?: readonly string[];
  /** Codes per frame, default 8. */
  readonly maxCodes?: number;
  /** Second looks (scales, tiles, contrast) when the first finds nothing start no later than this many ms after the call; default 40, 0 = none. */
  readonly secondLookMs?: number;
}

/** Stateless between frames. */
export interface CodeReader {
  /** Never throws on odd pixels; an empty list means nothing was readable. */
  read(frame: Frame): Promise<readonly CodeReading[]>;
}

/** The WebAssembly comes from the npm package on disk and is loaded at the first `read`, never from the network. */
export function createCodeReader(_options: CodeReaderOptions = {}): CodeReader {
  throw new Error('being written');
}
