import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * How a service manager starts this command: the launcher of an installation, or Node with the command of a
 * checkout. Absolute paths.
 */
export function ownCommand(): readonly string[] {
  const launcher = `${root}bin/watchpost`;
  return existsSync(launcher) ? [launcher] : [process.execPath, `${root}cli/bin/watchpost.mjs`];
}

/** The group that serial devices belong to on this machine, if it has one. */
export function serialGroups(file = '/etc/group'): readonly string[] {
  try {
    const names = new Set(
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.split(':')[0]),
    );
    return ['dialout', 'uucp'].filter((name) => names.has(name)).slice(0, 1);
  } catch {
    return [];
  }
}
