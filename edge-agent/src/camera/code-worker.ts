/** The thread that looks for codes in a camera’s pictures; see `CodeSearch`. */
import { parentPort } from 'node:worker_threads';
import { createGrayCodeReader, readLargePicture } from '@watchpost/inference/codes';
import type { SearchAnswer, SearchOrder } from './code-search.ts';

const quick = createGrayCodeReader({ secondLookMs: 0 });
const thorough = createGrayCodeReader();

parentPort?.on('message', async ({ wholeWidth, thorough: isThorough, ...image }: SearchOrder) => {
  const reader = isThorough ? thorough : quick;
  const answer: SearchAnswer = {
    codes: await readLargePicture(image, { reader, wholeWidth }),
    data: image.data,
  };
  parentPort?.postMessage(answer, [image.data.buffer]);
});
