import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';

/**
 * Where this program’s code lies, below the folder that holds the packages. Nothing else there may be read.
 */
const code = ['flows', 'contracts', 'service', 'node_modules', 'package.json'];
const top = fileURLToPath(new URL('../../', import.meta.url));

/** Node-RED’s own folder in the data folder. */
export const flowsFolder = (dataFolder: string): string => join(dataFolder, 'flows');

/**
 * Options for Node with which `main.ts` must be started (Node’s permission model): it reads its code and its
 * own folder and writes its own folder; no child processes, workers, addons, inspector. SQLite is switched
 * off because it opens files without asking the permission model. Makes the folder, because only what exists
 * can be allowed whole.
 * @throws WatchpostError `config.data_folder`
 */
export function confinement(dataFolder: string): readonly string[] {
  const folder = flowsFolder(dataFolder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new WatchpostError('config.data_folder', { details: { folder }, cause });
  }
  const own = realpathSync(folder);
  return [
    '--permission',
    '--no-experimental-sqlite',
    '--disable-sigusr1',
    // Versions that can forbid the network forbid it by default; alerts come over it.
    ...(process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : []),
    ...[...code.map((part) => realpathSync(join(top, part))), own].map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${own}`,
  ];
}

/** The variables that the process gets of its parent’s environment: none that may hold a secret. */
const harmless = [
  ...['PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_MESSAGES', 'TZ', 'NODE_ENV'],
  ...['MALLOC_ARENA_MAX', 'WATCHPOST_LOG_LEVEL', 'WATCHPOST_DATA'],
];

/** The environment for `main.ts`: {@link harmless} variables, and the data folder as home. */
export function confinedEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  dataFolder: string,
): Record<string, string> {
  const kept = harmless.flatMap((name): [string, string][] => {
    const value = parent[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), HOME: flowsFolder(dataFolder) };
}

/**
 * Refuses to go on in a process that could read or write what is not its own: whoever edits flows runs code
 * in it.
 * @throws WatchpostError `config.unconfined`
 */
export function assertConfined(): void {
  const { permission } = process as { permission?: { has(scope: string, reference?: string): boolean } };
  const open =
    permission === undefined
      ? ['everything']
      : ['fs.write', 'child', 'worker', 'addon', 'inspector'].filter((scope) => permission.has(scope));
  if (permission?.has('fs.read')) open.push('fs.read');
  // `has` without a path asks for the whole file system; the built-in module tells whether SQLite was
  // switched off.
  if (process.getBuiltinModule('node:sqlite' as 'sqlite') !== undefined) open.push('sqlite');
  if (open.length > 0) throw new WatchpostError('config.unconfined', { details: { open: open.join(' ') } });
}

/**
 * Takes away what the permission model leaves: signals to other processes (SIGUSR1 would open their
 * inspector, SIGKILL end alerting) and becoming another program. Call it once nothing of that is needed any
 * more.
 */
export function giveUpPower(): void {
  // `disconnect` stays: Node itself calls it when the parent ends.
  const names = ['kill', '_kill', '_debugProcess', '_debugEnd', 'execve', 'binding', 'dlopen', 'send'];
  for (const name of names) Reflect.defineProperty(process, name, { value: undefined, configurable: false });
}
