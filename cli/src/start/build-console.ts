import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { nodeFlags } from '@watchpost/service';
import { isInstallation, programFolder } from './program-folder.ts';

const root = programFolder;
const sources = ['dashboards/console', 'dashboards/riskmap', 'contracts/src', 'package-lock.json'];
const besideSources = join(root, 'dashboards', 'console', 'dist');
/** Says, inside a built console, from which sources it was built. */
const marker = '.built-from';

/**
 * Builds the console unless what is there was built from exactly these sources. Gives the folder to serve:
 * beside the sources, or in the data folder where the checkout is read-only. An installation has a built one.
 * @throws WatchpostError `start.step_failed`, `install.part_absent`
 */
export async function buildConsole(dataFolder: string, announce: () => void): Promise<string> {
  if (isInstallation) return installedConsole();
  const wanted = digestOfSources();
  const inData = join(dataFolder, 'console');
  for (const folder of [besideSources, inData]) if (builtFrom(folder) === wanted) return folder;
  announce();
  const output = isWritable(dirname(besideSources)) ? besideSources : inData;
  await new Promise<void>((resolve, reject) => {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const child = spawn(process.execPath, [...nodeFlags, ...buildArguments(vite, output)], {
      cwd: root,
      // A test runner’s NODE_ENV would build React for development.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 2, 2],
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new WatchpostError('start.step_failed', { details: { step: 'console build' } })),
    );
  });
  writeFileSync(join(output, marker), wanted);
  return output;
}

/**
 * `native` reads the configuration as it is; the other ways write a bundle of it into `node_modules` first.
 */
const buildArguments = (vite: string, output: string): string[] => [
  vite,
  'build',
  'dashboards/console',
  ...['--logLevel', 'warn', '--configLoader', 'native', '--outDir', output, '--emptyOutDir'],
];

function installedConsole(): string {
  if (builtFrom(besideSources) === undefined)
    throw new WatchpostError('install.part_absent', { details: { part: 'server', missing: 'console' } });
  return besideSources;
}

function builtFrom(folder: string): string | undefined {
  const path = join(folder, marker);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const file of filesOf(join(root, source))) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (path.startsWith(besideSources)) return [];
  const entries = path.endsWith('.json') ? null : readdirSync(path, { withFileTypes: true });
  if (!entries) return [path];
  return (
    entries
      // A development server keeps things of its own in there.
      .filter(({ name }) => name !== 'node_modules')
      .flatMap((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]))
      .filter((file) => !file.startsWith(besideSources))
      .sort()
  );
}
