import { join } from 'node:path';
import { runStep } from '../start/run-step.ts';
import { isEverybodyListed } from './listing-progress.ts';
import type { DemoFiles } from './prepare-demo.ts';

/**
 * What the demo needs before its camera starts, made in a process that ends.
 * @param signal aborted when the person gives up
 * @throws WatchpostError its own, or `start.step_failed`
 */
export async function makeDemoFiles(dataFolder: string, signal: AbortSignal): Promise<DemoFiles> {
  const entry = new URL('./main.ts', import.meta.url);
  const answer = await runStep({ name: 'demo', entry, argument: dataFolder, signal });
  return (answer as { files: DemoFiles }).files;
}

/** Where the people of the demo are put on its lists. */
export interface DemoListing {
  readonly dataFolder: string;
  /** The API of the running demo, without a slash at the end. */
  readonly api: string;
  readonly site: string;
}

/**
 * Puts the people of the demo on its lists, in a process that ends, beside the running demo, which needs
 * nobody there. Does nothing once they are.
 * @throws WatchpostError what no other try will mend
 */
export async function listDemoPeople(listing: DemoListing, signal: AbortSignal): Promise<void> {
  if (isEverybodyListed(join(listing.dataFolder, 'demo', 'people.json'))) return;
  const entry = new URL('./people-main.ts', import.meta.url);
  await runStep({ name: 'demo', entry, argument: JSON.stringify(listing), signal });
}
