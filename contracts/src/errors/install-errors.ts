import { type ErrorEntry, entry } from './error-entry.ts';

/** Of putting the program somewhere, and of what is not there then. */
export const installErrors = {
  'install.arguments': entry(
    400,
    'The installation was not told what to install, or where.',
    'Name `gateway`, `server` or `all` and a folder; `--with-flows` adds Node-RED to `server` and `all`.',
  ),
  'install.place': entry(
    409,
    'The folder cannot take an installation.',
    'Name a folder that is not there yet, is empty or holds an installation of Watchpost, outside the checkout.',
  ),
  'install.busy': entry(
    409,
    'Another installation into this folder is under way.',
    'Wait until it has ended; nothing was changed.',
  ),
  'install.platform': entry(
    501,
    'There is no locked Node for this platform.',
    'Install on Linux (x64, arm64) or macOS; elsewhere run Watchpost from the checkout.',
  ),
  'install.packages': entry(
    500,
    'What is installed in the checkout is not what its lock file names.',
    'Run `npm ci` in the checkout, then install again; nothing was changed.',
  ),
  'install.failed': entry(
    500,
    'The installation could not be written.',
    'Look at the reason: free space and rights of the folder above; what was there before is unchanged.',
  ),
  'install.part_absent': entry(
    501,
    'This installation does not hold the part that was asked for.',
    'Install again with the part: `node scripts/install.mjs gateway|server|all FOLDER [--with-flows]`.',
  ),
} as const satisfies Record<string, ErrorEntry>;
