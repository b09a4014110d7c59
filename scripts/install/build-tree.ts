import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { buildConsole } from '../../cli/src/start/build-console.ts';
import { installationMark } from '../../cli/src/start/program-folder.ts';
import { WatchpostError } from '../../contracts/src/errors/index.ts';
import { readWorkspaces, type Workspace, withTheirNeeds } from '../workspaces.ts';
import { copyFiles } from './copy-files.ts';
import { launcher } from './launcher.ts';
import { type LockedPackages, neededPlaces } from './locked-packages.ts';
import { isDataPackage, type Platform, wantedFiles } from './package-files.ts';
import { needsOf, partsOf, type Role } from './roles.ts';
import { filesBelow, isSharedText, runningFiles } from './source-files.ts';

/** What to install, and what from. */
export interface Installation {
  /** Where it is installed from; its packages are in place. */
  readonly checkout: string;
  readonly role: Role;
  readonly withFlows: boolean;
  readonly platform: Platform;
  /** The locked Node. */
  readonly node: string;
  /** Called before the console is built, which takes seconds. */
  readonly onBuild: () => void;
  /** Aborted when the person gives up. */
  readonly signal: AbortSignal;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * Fills an empty folder with a program that needs nothing of the checkout.
 * @throws WatchpostError `install.packages`, `start.step_failed`; errors of the file system
 */
export async function buildTree(folder: string, installation: Installation): Promise<void> {
  const { checkout, role, withFlows, platform, node, onBuild, signal } = installation;
  const parts = partsOf(role, withFlows);
  const workspaces = withTheirNeeds(readWorkspaces(checkout), ['cli']);
  copyOurs(folder, checkout, workspaces);
  if (parts.includes('server')) await copyConsole(folder, onBuild);
  copyNode(folder, node);
  for (const place of placesFor(checkout, workspaces, role, withFlows)) {
    copyPackage(folder, checkout, place, platform);
    // So that Ctrl-C is heard.
    await breathe();
    signal.throwIfAborted();
  }
  const { name, version, license } = readJson<Manifest>(join(checkout, 'package.json'));
  writeJson(join(folder, 'package.json'), { name, version, private: true, license, type: 'module' });
  copyFiles(checkout, folder, ['LICENSE']);
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/watchpost'), launcher);
  chmodSync(join(folder, 'bin/watchpost'), 0o755);
  // Last: by it a folder is known as an installation.
  const made = { version, role, flows: withFlows, platform: `${platform.os}-${platform.cpu}` };
  writeJson(join(folder, installationMark), made);
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
const writeJson = (path: string, value: object): void =>
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

/**
 * All of ours, which is little, so that commands of other parts can say what is missing; linked as npm links
 * them, because Node runs no TypeScript that lies in `node_modules`.
 */
function copyOurs(folder: string, checkout: string, workspaces: readonly Workspace[]): void {
  for (const { folder: ours, name } of workspaces) {
    const all = runningFiles(join(checkout, ours));
    const files = ours.startsWith('dashboards/') ? all.filter(isSharedText) : all;
    if (files.every((path) => path === 'package.json')) continue;
    copyFiles(join(checkout, ours), join(folder, ours), files);
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true, mode: 0o755 });
    symlinkSync(relative(dirname(link), join(folder, ours)), link);
  }
}

async function copyConsole(folder: string, onBuild: () => void): Promise<void> {
  // Where the checkout is read-only it is built in here.
  const spare = join(folder, 'building');
  const built = await buildConsole(spare, onBuild);
  copyFiles(built, join(folder, 'dashboards/console/dist'), filesBelow(built));
  rmSync(spare, { recursive: true, force: true });
}

/** Node without its headers; with the terms of its licence. */
function copyNode(folder: string, node: string): void {
  const runtime = join(folder, 'runtime');
  copyFiles(dirname(node), join(runtime, 'bin'), [basename(node)]);
  copyFiles(dirname(dirname(node)), runtime, ['LICENSE']);
}

/** @throws WatchpostError `install.packages` where the checkout does not hold what its lock file names */
function placesFor(
  checkout: string,
  workspaces: readonly Workspace[],
  role: Role,
  withFlows: boolean,
): readonly string[] {
  const { packages } = readJson<{ readonly packages: LockedPackages }>(join(checkout, 'package-lock.json'));
  const manifestOf = (place: string): string => join(checkout, place, 'package.json');
  const refuse = (found: string, cause?: unknown): never => {
    throw new WatchpostError('install.packages', { details: { found }, cause });
  };
  try {
    const places = neededPlaces(
      packages,
      needsOf(workspaces, partsOf(role, withFlows)),
      (place) => existsSync(manifestOf(place)),
      isDataPackage,
    );
    for (const place of places) {
      const { version } = readJson<Manifest>(manifestOf(place));
      if (version !== packages[place]?.version) refuse(`${place} ${version}`);
    }
    return places;
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    return refuse(error instanceof Error ? error.message : String(error), error);
  }
}

function copyPackage(folder: string, checkout: string, place: string, platform: Platform): void {
  const source = join(checkout, place);
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const files = filesBelow(source, (each) => each === 'node_modules');
  copyFiles(source, join(folder, place), wantedFiles(name, files, platform));
}
