/** The thread that looks for codes in a camera’s pictures; see `CodeSearch`. */
import { parentPort } from 'node:worker_threads';
import { createCodeReader, readLargePicture } from '@watchpost/inference/codes';
import type { SearchOrder } from './code-search.ts';

const quick = createCodeReader({ secondLookMs: 0 });
const thorough = createCodeReader();

parentPort?.on('message', async ({ wholeWidth, thorough: isThorough, ...image }: SearchOrder) => {
  const reader = isThorough ? thorough : quick;
  parentPort?.postMessage(await readLargePicture(image, { reader, wholeWidth }));
});
