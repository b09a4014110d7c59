import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sources = ['dashboards/console', 'dashboards/riskmap', 'contracts/src', 'package-lock.json'];
const output = join(root, 'dashboards', 'console', 'dist');

/** Builds the console unless what is there was built from exactly these sources. Gives the folder to serve. */
export async function buildConsole(announce: () => void): Promise<string> {
  const marker = join(output, '.built-from');
  const wanted = digestOfSources();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return output;
  announce();
  await new Promise<void>((resolve, reject) => {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const child = spawn(
      process.execPath,
      [vite, 'build', 'dashboards/console', '--logLevel', 'warn', '--configLoader', 'native'],
      {
        cwd: root,
        // A test runner’s NODE_ENV would build React for development.
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: ['ignore', 2, 2],
      },
    );
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new WatchpostError('api.internal', { details: { step: 'console build' } })),
    );
  });
  writeFileSync(marker, wanted);
  return output;
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const file of filesOf(join(root, source))) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (path.startsWith(output)) return [];
  const entries = path.endsWith('.json') ? null : readdirSync(path, { withFileTypes: true });
  if (!entries) return [path];
  return entries
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]))
    .filter((file) => !file.startsWith(output))
    .sort();
}
