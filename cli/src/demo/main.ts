import { WatchpostError } from '@watchpost/contracts/errors';
import { endWithParent } from '@watchpost/service';
import { enrolmentPhotos } from './enrolment-photos.ts';
import { isEverybodyListed, peopleFile } from './listing-progress.ts';
import { prepareDemo } from './prepare-demo.ts';

// A process of its own: encoder and what draws photos are gone from memory when the demo runs.
const [dataFolder] = process.argv.slice(2);
if (!dataFolder) throw new Error('usage: demo/main.ts DATA_FOLDER');
// Also after our own last word, which closes the channel.
endWithParent(() => process.exit());
try {
  const files = await prepareDemo(dataFolder, Date.now());
  const photos = isEverybodyListed(peopleFile(dataFolder)) ? {} : await enrolmentPhotos();
  process.send?.({ files, photos }, () => process.disconnect());
} catch (error) {
  process.exitCode = 1;
  const {
    code = 'start.step_failed',
    path,
    details = { reason: String(error) },
  } = error instanceof WatchpostError ? error : {};
  process.send?.({ failed: { code, path, details } }, () => process.disconnect());
}
