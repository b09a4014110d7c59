import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';
import { programFolder } from './program-folder.ts';

/** A part of Watchpost that an installation may leave out; commands and checks are in every one. */
export type Part = 'server' | 'gateway' | 'flows' | 'demo';

interface PartNeeds {
  /** Folders of our packages whose own needs make the part. */
  readonly workspaces: readonly string[];
  /** What it needs beside them, of what the command’s package names. */
  readonly packages: readonly string[];
}

/** What each part is made of, for who installs it and who looks whether it is there. */
export const partNeeds: Readonly<Record<Part, PartNeeds>> = {
  server: { workspaces: ['broker', 'alerting'], packages: [] },
  gateway: { workspaces: ['inference', 'edge-agent'], packages: [] },
  flows: { workspaces: ['flows'], packages: [] },
  demo: {
    workspaces: ['inference'],
    packages: ['@vladmandic/face-api', 'node-av', 'sharp', 'zxing-wasm'],
  },
};

/** The packages of others that a part needs and that are not installed. */
export function missingPackages(part: Part, program = programFolder): readonly string[] {
  const { workspaces, packages } = partNeeds[part];
  return [
    ...packages.filter((name) => !isThere(name, program, 'cli')),
    ...workspaces.flatMap((folder) =>
      dependenciesOf(join(program, folder)).filter((name) => !isThere(name, program, folder)),
    ),
  ];
}

/** Whether a part is installed. */
export const isInstalled = (part: Part): boolean => missingPackages(part).length === 0;

/** @throws WatchpostError `install.part_absent` when a part is not installed */
export function requirePart(part: Part): void {
  const [missing] = missingPackages(part);
  if (missing !== undefined) throw new WatchpostError('install.part_absent', { details: { part, missing } });
}

function dependenciesOf(folder: string): readonly string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return Object.keys(dependencies).filter((name) => !name.startsWith('@watchpost/'));
}

function isThere(name: string, program: string, workspace: string): boolean {
  try {
    return findPackageJSON(name, pathToFileURL(join(program, workspace, 'package.json'))) !== undefined;
  } catch {
    return false;
  }
}
