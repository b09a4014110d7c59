// What a process needs that reads codes and does nothing else: no models, no native libraries.
export { createCodeReader } from './code-reader.ts';
export { readLargePicture } from './large-picture.ts';
export type { GrayImage } from './zxing.ts';
