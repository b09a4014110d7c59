import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';
import { isInstallation, programFolder } from './program-folder.ts';

/** A part of Watchpost that an installation may leave out; commands and checks are in every one. */
export type Part = 'server' | 'enrolment' | 'gateway' | 'flows' | 'demo';

/** The folders of our packages whose needs make each part, for who installs it and who looks for it. */
export const partWorkspaces: Readonly<Record<Part, readonly string[]>> = {
  server: ['broker', 'alerting'],
  /** Faces are enrolled where the server is; a server that was installed before it could goes on without. */
  enrolment: ['inference', 'enrolment'],
  gateway: ['inference', 'edge-agent'],
  flows: ['flows'],
  demo: ['inference', 'demo'],
};

/** The packages of others that a part needs and that are not installed. */
export function missingPackages(part: Part, program = programFolder): readonly string[] {
  return partWorkspaces[part].flatMap((folder) =>
    dependenciesOf(join(program, folder)).filter((name) => !isThere(name, program, folder)),
  );
}

/** Whether a part is installed. */
export const isInstalled = (part: Part): boolean => missingPackages(part).length === 0;

/** @throws WatchpostError `install.part_absent` when a part is not installed */
export function requirePart(part: Part): void {
  const [missing] = missingPackages(part);
  if (missing !== undefined) throw new WatchpostError('install.part_absent', { details: { part, missing } });
}

/**
 * What to say when a command of an installation needs a package that belongs to a part which was left out.
 * @param error what loading the command threw
 */
export function absentPart(error: unknown, installed = isInstallation): WatchpostError | undefined {
  if (!installed || !(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND')
    return undefined;
  // Node says “package” of names and “module” of paths: a file of ours that is missing is a fault.
  const [, missing] = /^Cannot find package '([^']+)'/.exec(error.message) ?? [];
  if (missing === undefined) return undefined;
  return new WatchpostError('install.part_absent', { details: { missing }, cause: error });
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
