import { setTimeout as sleep } from 'node:timers/promises';
import { errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { backoffMs } from '@watchpost/service';
import { demoSetUpPolicy } from '../policy.ts';
import { type DemoPerson, demoUser, supervisorUser } from '../start/demo-people.ts';
import { runStep } from '../start/run-step.ts';
import { ConsoleSession } from './console-session.ts';
import type { DemoPhotos } from './enrolment-photos.ts';
import { listPeople } from './list-people.ts';
import { isEverybodyListed, peopleFile } from './listing-progress.ts';
import type { DemoFiles } from './prepare-demo.ts';

/** What the demo needs, and the photos of people who are on no list yet. */
export interface MadeForDemo {
  readonly files: DemoFiles;
  readonly photos: DemoPhotos;
}

/**
 * What the demo needs before its camera starts, made in a process that ends.
 * @param signal aborted when the person gives up
 * @throws WatchpostError its own, or `start.step_failed`
 */
export async function makeDemoFiles(dataFolder: string, signal: AbortSignal): Promise<MadeForDemo> {
  const entry = new URL('./main.ts', import.meta.url);
  return (await runStep({ name: 'demo', entry, argument: dataFolder, signal })) as MadeForDemo;
}

/** Where the people of the demo are put on its lists, and with what. */
export interface DemoListing {
  readonly dataFolder: string;
  /** The API of the running demo, without a slash at the end. */
  readonly api: string;
  readonly site: string;
  /** Who may log in there. */
  readonly people: readonly DemoPerson[];
  readonly photos: DemoPhotos;
}

/**
 * Puts the people of the demo on its lists, beside the running demo, which needs nobody there. Does nothing
 * once they are; tries again for ever where that may help.
 * @throws WatchpostError what no other try will mend
 */
export async function listDemoPeople(listing: DemoListing, signal: AbortSignal): Promise<void> {
  if (isEverybodyListed(peopleFile(listing.dataFolder))) return;
  for (let failures = 0; ; failures++) {
    try {
      return await listOnce(listing, signal);
    } catch (error) {
      if (!mayPass(error)) throw error;
      const { firstMs, maxMs } = demoSetUpPolicy.retry;
      await sleep(backoffMs(failures, firstMs, maxMs, Math.random()), undefined, { signal });
    }
  }
}

async function listOnce(listing: DemoListing, signal: AbortSignal): Promise<void> {
  const { dataFolder, api, site, people, photos } = listing;
  const logIn = (name: string) => {
    const person = people.find((one) => one.name === name);
    if (!person) throw new Error(`no ${name} in the demo`);
    return ConsoleSession.logIn(api, person, signal);
  };
  const author = await logIn(demoUser);
  const approver = await logIn(supervisorUser);
  await listPeople(site, peopleFile(dataFolder), { author, approver, photos }, Date.now());
  await Promise.all([author.logOut(), approver.logOut()]);
}

/** What another try may mend: nobody answered, or it was too early, too busy or changed meanwhile. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof WatchpostError)) return true;
  const { status } = errorRegistry[error.code];
  return status >= 500 || status === 409 || status === 429;
}
