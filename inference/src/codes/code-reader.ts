import { WatchpostError } from '@watchpost/contracts/errors';
import { checkFrame } from '../frame/check-frame.ts';
import type { Frame } from '../frame/frame.ts';
import { type CodeReaderOptions, createGrayCodeReader, type GrayCodeReader } from './gray-code-reader.ts';
import { toGray } from './gray-image.ts';
import type { CodeReading } from './reading.ts';
import { formatList } from './zxing.ts';

export type { CodeReaderOptions } from './gray-code-reader.ts';

/** Stateless between frames. */
export interface CodeReader extends GrayCodeReader {
  /**
   * Never throws on odd pixels; an empty list means nothing was readable. Blocks the thread while it looks.
   * @throws WatchpostError `inference.image_unreadable` when `data` is not `width × height × 3` bytes
   */
  read(frame: Frame): Promise<readonly CodeReading[]>;
}

/**
 * The WebAssembly comes from the npm package on disk and is loaded at the first `read`, never from the
 * network.
 * @throws WatchpostError `config.invalid` for an unknown format name
 */
export function createCodeReader(options: CodeReaderOptions = {}): CodeReader {
  const { formats } = options;
  if (formats && !formatList(formats))
    throw new WatchpostError('config.invalid', { path: '/formats', details: { formats: formats.join(' ') } });
  const { readGray } = createGrayCodeReader(options);
  return {
    readGray,
    read: async (frame) => {
      checkFrame(frame);
      return readGray(toGray(frame));
    },
  };
}
