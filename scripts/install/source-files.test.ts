import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readWorkspaces, withTheirNeeds } from '../workspaces.ts';
import { isSharedText, runningFiles } from './source-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const workspaces = withTheirNeeds(readWorkspaces(root), ['cli']);
const installed = new Set(
  workspaces.flatMap(({ folder }) => {
    const files = runningFiles(join(root, folder));
    const wanted = folder.startsWith('dashboards/') ? files.filter(isSharedText) : files;
    return wanted.map((path) => join(folder, path));
  }),
);
const code = [...installed].filter((path) => /\.(?:ts|mjs|cjs|js)$/.test(path));

/** Files that a file of ours loads, forks or reads, by the literal paths in its code. Types cost nothing. */
function filesNamedIn(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
    .replace(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, '')
    .replace(/^(?:import|export) type [\s\S]*?;$/gm, '');
  const named = /(?:\bfrom |\bimport |\bimport\(|\brequire\(|new URL\(\s*)'(\.[^']+)'/g;
  return [...text.matchAll(named)].map(([, name = '']) => join(dirname(path), name));
}

const isThere = (path: string): boolean =>
  installed.has(path) || [...installed].some((each) => each.startsWith(path.replace(/\/?$/, '/')));

it('whatever a file of the program names by its path is installed with it', () => {
  expect(code.length).toBeGreaterThan(500);
  const missing = code.flatMap((path) =>
    filesNamedIn(path)
      // Up to the whole program.
      .filter((named) => named !== '.' && named !== './' && !/^(?:demo|\.\.)(?:\/|$)/.test(named))
      .filter((named) => existsSync(join(root, named)) && !isThere(named))
      .map((named) => `${path}: ${named}`),
  );
  expect(missing).toEqual([]);
});

it('every entry by which our packages know each other is installed', () => {
  const known = workspaces.filter(({ folder }) => folder !== 'dashboards/riskmap');
  const missing = known.flatMap(({ folder }) => {
    const { exports = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      readonly exports?: Readonly<Record<string, string>>;
    };
    return Object.entries(exports)
      .filter(([name]) => !name.includes('testing'))
      .map(([, path]) => join(folder, path))
      .filter((path) => !installed.has(path));
  });
  expect(missing).toEqual([]);
});

it('no test is installed, and nothing that only tests use', () => {
  expect([...installed].filter((path) => /\.test\.|\/testing\/|\/server-tests\//.test(path))).toEqual([]);
  expect(code.filter((path) => /\bfrom 'vitest'/.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
  const bytes = [...installed].reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
  expect(bytes).toBeLessThan(10_000_000);
});
