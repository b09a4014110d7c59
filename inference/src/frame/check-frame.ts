import { WatchpostError } from '@watchpost/contracts/errors';
import type { Frame } from './frame.ts';

/**
 * A frame whose sizes and bytes do not agree is a fault of its source, not an odd picture.
 * @throws WatchpostError `inference.image_unreadable`
 */
export function checkFrame({ width, height, data }: Frame): void {
  const counts = [width, height].every((side) => Number.isSafeInteger(side) && side >= 0);
  if (counts && data.length === width * height * 3) return;
  throw new WatchpostError('inference.image_unreadable', {
    details: { width, height, bytes: data.length, expected: 'width × height × 3 bytes' },
  });
}
