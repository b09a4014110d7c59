import { readFileSync } from 'node:fs';
import { describeSite } from '@watchpost/contracts/site';
import { loadProfiles } from '@watchpost/hardware';
import { readSiteFile } from '@watchpost/service/server-folder';

/** The demo’s site file as it is written, and where it is. */
export const demoSiteUrl = new URL('../../demo/sites/demo/site.yaml', import.meta.url);

/** Reads a site file as the demo’s; `text` stands in its place. */
export function readDemoSite(text: string | Buffer = readFileSync(demoSiteUrl)) {
  return readSiteFile(Buffer.from(text), {
    file: 'sites/demo/site.yaml',
    id: 'demo',
    profiles: new Map([...loadProfiles()].map(([id, { kind }]) => [id, kind])),
    nowMs: Date.now(),
    hasSecret: () => false,
  });
}

const { site, mistakes } = readDemoSite();
if (!site) throw new Error(`the demo’s site file has mistakes: ${JSON.stringify(mistakes)}`);

/** The demo site as its API shows it. */
export const demoSite = describeSite(site);

/** What its officers are to do. */
export const demoInstructions = site.instructions;
