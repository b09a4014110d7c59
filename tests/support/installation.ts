import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Installs from this checkout as an operator does.
 * @param args the role, and `--with-flows`
 * @throws Error with what was said when it ends with another exit code than 0
 */
export function installInto(folder: string, args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, 'scripts/install.mjs'), ...args, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/**
 * Runs a command of an installation with neither npm nor a Node in reach, from a folder that is not it.
 * @param command its `bin/watchpost`, or a link to it
 * @returns what stood on standard output
 * @throws Error when it ends with another exit code than 0
 */
export const runInstalled = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, {
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
