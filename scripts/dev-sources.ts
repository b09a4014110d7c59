import { fileURLToPath } from 'node:url';
import { readWorkspaces, withTheirNeeds } from './workspaces.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Folders of the packages that a running service is made of: what the command needs, without what browsers
 * load.
 */
export const servicePackages: readonly string[] = withTheirNeeds(readWorkspaces(root), ['cli'])
  .map(({ folder }) => folder)
  .filter((folder) => !folder.startsWith('dashboards/'));

/**
 * Whether a file of such a package, by its path in there, is part of what runs: sources and profiles, no
 * tests.
 */
export const isSourceOfServices = (path: string): boolean =>
  /^(src|profiles|models|nodes)[\\/].*\.(ts|json|mjs|js|html)$/.test(path) &&
  !/\.(test|fuzz)\.ts$|[\\/](testing|bench|eval)[\\/]/.test(path);
