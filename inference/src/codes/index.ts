// What a thread needs that reads codes and does nothing else: no models, no native libraries, no errors.
export { createGrayCodeReader } from './gray-code-reader.ts';
export { readLargePicture } from './large-picture.ts';
export type { GrayImage } from './zxing.ts';
