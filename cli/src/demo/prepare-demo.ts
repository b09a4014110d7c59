import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeClip } from '@watchpost/demo';
import { type IssuerPublicKey, publicPart } from '@watchpost/passes';
import { replaceFileSync } from '@watchpost/service';
import { isInstallation, programFolder } from '../start/program-folder.ts';
import { type DemoPasses, demoIssuer, demoPasses } from './demo-passes.ts';

/** Grows when the clip is made differently. */
const version = 2;
/** What earlier versions enrolled by themselves: the people of the demo come in as anywhere else. */
const enrolledOnce = ['gallery.wpg', 'gallery-keys.json'];
const renewBeforeS = 7 * 86_400;
const clipsKept = 20;

/**
 * The clip stands for what a camera sees, so it lives with the installed sample photos, outside the data
 * folder: in there no picture of a stranger ever is. Only where nothing is written beside the program (a
 * checkout that is read-only, an installation) is there no other place.
 */
function cameraFolderFor(dataFolder: string): string {
  if (!isInstallation && canWrite(besideSamples)) return besideSamples;
  const folder = join(dataFolder, 'demo', 'camera');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
const besideSamples = join(programFolder, 'node_modules/.cache/watchpost-demo-camera');

function canWrite(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export interface DemoFiles {
  readonly clip: string;
  readonly passes: DemoPasses;
  /** Whose passes the gate accepts. */
  readonly issuers: readonly IssuerPublicKey[];
}

/**
 * Makes what the demo site needs, once; made again when it is missing, from another version, or its pass runs
 * out.
 */
export async function prepareDemo(dataFolder: string, nowMs: number): Promise<DemoFiles> {
  const folder = join(dataFolder, 'demo');
  const stamp = join(folder, 'demo.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const issuer = await demoIssuer(join(folder, 'pass-issuer.json'));
  const issuers = [publicPart(issuer)];
  const keyDigest = createHash('sha256').update(issuer.publicKey).digest('hex').slice(0, 16);
  const cameraFolder = cameraFolderFor(dataFolder);
  const clip = join(cameraFolder, `gate-${version}-${keyDigest}.mkv`);
  for (const name of enrolledOnce) rmSync(join(folder, name), { force: true });
  const known = readStamp(stamp);
  if (known && existsSync(clip) && known.passes.expires - renewBeforeS > nowMs / 1000) {
    utimesSync(clip, nowMs / 1000, nowMs / 1000);
    return { clip, issuers, passes: known.passes };
  }

  const passes = await demoPasses(folder, nowMs);
  await makeClip(clip, passes);
  replaceFileSync(stamp, JSON.stringify({ version, passes }));
  dropOldClips(cameraFolder);
  return { clip, issuers, passes };
}

function readStamp(path: string): { readonly passes: DemoPasses } | null {
  try {
    const stamp = JSON.parse(readFileSync(path, 'utf8'));
    return stamp.version === version ? stamp : null;
  } catch {
    // Missing or damaged: the demo is made again.
    return null;
  }
}

/**
 * Every data folder has a clip of its own (its passes are signed with its key); only those used last are
 * kept.
 */
function dropOldClips(cameraFolder: string): void {
  const byAge = readdirSync(cameraFolder)
    .map((name) => join(cameraFolder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of byAge.slice(clipsKept)) rmSync(path, { force: true });
}
